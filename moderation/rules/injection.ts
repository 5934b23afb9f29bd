import type { Channel } from '../../sessions/moderator.ts';
import type { Detector, Finding, TextViews } from '../findings.ts';
import { literalSpan } from '../text/normalise.ts';

// Orders to the model that come in the clothes of story text. Each pattern names the machinery (prompt, instructions,
// a mode, a token), since orders among characters are what stories are made of. All repetitions are bounded.

interface Rule {
  id: string;
  pattern: RegExp;
  /** Where the model reads the text as an order; one less in the story, where a character may say it. */
  severity: 2 | 3;
}

/** Where a text goes into the prompt as an order or a label, and not as something told. */
const ORDERS: readonly Channel[] = ['direction', 'name', 'title'];

const DROP =
  "(?:ignor(?:e|ing)|disregard(?:ing)?|forget|overrid(?:e|ing)|bypass|overrule|discard|erase|stop (?:following|obeying)|(?:do not|don't|no longer) (?:follow|obey)|pay no attention to|set aside)";
const NEAR = '[^.!?\\n]{0,40}';
const CLOSE = '[^.!?\\n]{0,20}';
const MACHINERY =
  '(?:system prompts?|initial prompts?|hidden prompts?|original prompts?|secret prompts?|your prompts?|the prompt|pre-?prompt|developer message|system message|(?:your|the) (?:initial|original|system|hidden|secret|exact|full|previous|first|underlying) (?:instructions?|prompts?|rules|directives?)|(?:text|words|instructions|everything) (?:above|before this))';

const RULES: readonly Rule[] = [
  {
    id: 'injection.override',
    severity: 3,
    pattern: new RegExp(
      `\\b${DROP}\\b${NEAR}\\b(?:previous|prior|preceding|earlier|above|foregoing|initial|original|system)\\b${CLOSE}\\b(?:instructions?|prompts?|rules?|directions?|directives?|guidelines?|constraints?|context|messages?|text|conversation|inputs?|commands?)\\b`,
      'g',
    ),
  },
  {
    id: 'injection.override',
    severity: 2,
    pattern: new RegExp(
      `\\b${DROP}\\b${CLOSE}\\b(?:your|all|any|every|these|those|the|my)\\b${CLOSE}\\b(?:instructions|prompts?|guidelines|programming|guardrails?|content polic(?:y|ies)|training data|safety rules|instructions? (?:above|before|you (?:were|have been) given))\\b`,
      'g',
    ),
  },
  {
    id: 'injection.override',
    severity: 3,
    pattern: new RegExp(
      `\\b${DROP}\\b (?:everything|anything|all|what)${CLOSE}\\b(?:above|before this|previously|you (?:were|have been|are|got) told|i (?:said|told you)|you know about (?:being|your))`,
      'g',
    ),
  },
  {
    id: 'injection.leak',
    severity: 3,
    pattern: new RegExp(
      `\\b(?:reveal|show|print|repeat|output|display|tell (?:me|us)|give (?:me|us)|what (?:is|are|was|were)|what's|leak|dump|recite|write (?:out|down)|copy|quote|share|say|translate|summari[sz]e|spell out)\\b${NEAR}\\b${MACHINERY}`,
      'g',
    ),
  },
  {
    id: 'injection.token',
    severity: 3,
    pattern:
      /<\|? ?(?:im_start|im_end|im start|im end|endoftext|end_of_text|eot_id|start_header_id|end_header_id|begin_of_text|system|user|assistant|pad|eos|bos) ?\|?>|<\|[a-z_ ]{1,24}\|>|\[\/?inst\]|<<\/?sys>>|<(?:start|end)_of_turn>|<\/s>/g,
  },
  {
    id: 'injection.role',
    severity: 2,
    pattern:
      /(?:^|\n)[ \t]{0,4}(?:#{1,4} ?|\*{1,2}|\[|<|\(|-{2,4} ?)(?:system|assistant|developer|instructions?)(?: (?:prompt|message|override|note|instructions?))?(?:\]|>|\)|\*{1,2}|:|(?=[ \t]{0,4}(?:\n|$)))|(?:^|\n)[ \t]{0,4}(?:system|developer)(?: (?:prompt|message|override|note|instructions?))?:/g,
  },
  {
    id: 'injection.persona',
    severity: 3,
    pattern: new RegExp(
      `\\b(?:you are|you're|act as|acting as|pretend (?:to be|you are|that you are|you're)|from now on,? you|role-?play as|behave (?:as|like)|simulate|become|respond as)\\b${NEAR}\\b(?:jailbroken|unfiltered|uncensored|unrestricted (?:ai|assistant|model|narrator|mode|chatbot)|do anything now|(?:without|with no|free (?:of|from)) (?:any |all )?(?:restrictions|content filters?|filters|censorship|guidelines|ethical|safety)|developer mode|(?:ai|artificial intelligence|language model|chat ?bot|chatgpt|gpt|llm)(?: model| assistant)? (?:that|which|who|with|without)|no longer (?:bound by|an ai|an assistant|a narrator|the narrator|a storyteller))`,
      'g',
    ),
  },
  {
    id: 'injection.mode',
    severity: 3,
    pattern:
      /\b(?:enter|enable|activate|switch (?:in)?to|go into|turn on|start|in|now in|with|unlock)\b(?: the| your)? (?:developer|debug|dan|jailbreak|jailbroken|unrestricted|unfiltered|uncensored|sudo|admin) mode\b|\b(?:developer|dan|jailbreak|unfiltered|sudo) mode (?:is |now )?(?:enabled|on|activated|unlocked)\b|\bdo anything now\b|\bjail ?break(?:ing|s)? (?:the |this |your )?(?:ai|model|narrator|prompt|chatbot|bot|assistant)\b|\bgrandma exploit\b/g,
  },
  {
    id: 'injection.format',
    severity: 2,
    pattern:
      /\b(?:respond|reply|answer|output|print)\b(?: to (?:this|everything|all)[a-z ]{0,20})? (?:only|exclusively|just|solely) with\b|\b(?:only|just) (?:respond|reply|output|print) (?:with|the)\b|\b(?:print|output|respond with|reply with|write|say) (?:exactly |only |just )?["'][^"'\n]{1,80}["'] and nothing else\b|\byour (?:next )?(?:response|reply|output|answer) (?:must|should|has to) (?:begin|start|be|contain|include|end)\b/g,
  },
  {
    id: 'injection.filter',
    severity: 3,
    pattern: new RegExp(
      `\\b(?:disable|turn off|switch off|remove|bypass|ignore|evade|get around|circumvent|deactivate|without|suspend)\\b${CLOSE}\\b(?:content (?:filters?|polic(?:y|ies)|moderation|ratings?|warnings?|restrictions)|safety (?:filters?|guidelines|polic(?:y|ies)|settings|training)|moderation (?:filters?|rules|system|layer)|profanity filters?|nsfw filters?|ethical guidelines|usage polic(?:y|ies))`,
      'g',
    ),
  },
  {
    id: 'injection.address',
    severity: 2,
    pattern: new RegExp(
      `\\b(?:narrator|storyteller|assistant|language model|chat ?bot|chatgpt|gpt|llm|dear ai|hey ai)\\b ?[,:!-] ?(?:please |now |you must |you will )?(?:ignore|forget|disregard|override|reveal|stop narrating|stop the story|obey me|print|output|execute|comply)\\b|\\bnote to (?:the )?(?:ai|model|narrator|assistant|llm|moderator|filter)\\b|\\b(?:as|you are|you're) (?:just |only )?an? (?:ai |large )?(?:language model|ai assistant|ai model|chat ?bot)\\b|\\bstop (?:narrating|the story|being the narrator|role-?playing) and\\b`,
      'g',
    ),
  },
  {
    id: 'injection.frame',
    severity: 2,
    pattern:
      /[-=*#]{3,8} ?(?:end|begin|start|beginning) of (?:the )?(?:story|prompt|instructions?|system|text|context|conversation|document|input)|(?:^|\n)[^a-z\n]{0,6}(?:new|updated|real|actual|additional|admin|override) (?:instructions?|task|rules|prompts?|system message|directive)s? ?:|\b(?:here|these|following) (?:are|is) your new (?:instructions|rules|prompt|task)\b|\byour new (?:instructions|prompt|task|directive) (?:is|are)\b/g,
  },
  {
    id: 'injection.override',
    severity: 2,
    pattern: new RegExp(
      `\\b${DROP} (?:all |any )?(?:of )?your (?:own )?(?:rules|limits|restrictions|filters|training|constraints)\\b`,
      'g',
    ),
  },
  {
    id: 'injection.override',
    severity: 3,
    pattern:
      /\bnew (?:instructions?|orders|rules|directives?) for the (?:narrator|ai|model|assistant|storyteller)\b|\b(?:disable|skip|turn off|bypass|switch off|evade|deactivate) (?:all |the |any |your )?(?:moderation|safety checks?|safeguards|policy checks?|content checks?)\b|\bpolicy check passed\b|\b(?:print|reveal|show|tell me|output) (?:me )?(?:the|your) (?:api key|secret key|access token|environment variables|config file)\b|\b(?:just|now|only) (?:print|output|respond|say)[: ]{1,2}["'][^"'\n]{1,160}["']:?|\banswer (?:every|all|any) (?:requests?|questions?|prompts?)(?: without|,)|\bbroken? free (?:of|from) the (?:typical|usual) (?:confines|limits|rules)/g,
  },
  {
    id: 'injection.frame',
    severity: 3,
    pattern:
      /\bend of (?:user |the user's )?(?:input|prompt|instructions|system message)\b|\[\[? ?(?:admin|system|root|override|developer|sudo) ?\]?\]|\b(?:dear|attention|hello|hey),? (?:large )?(?:language model|ai model|llm|chatbot|ai assistant)\b/g,
  },
  {
    id: 'injection.filter',
    severity: 2,
    pattern: new RegExp(
      `\\b${DROP}\\b${CLOSE}\\b(?:the |your |all |any |this |that )(?:[a-z]+ )?(?:(?:age |content |story |session |teen |table )?ratings?|safety|filters?|censorship|lines and veils|table rules|content rules|age limits?|house rules|boundaries|polic(?:y|ies)|limits and)\\b|\\b(?:write|be|make it|go|keep it|stay|narrate|respond|answer|continue)\\b${CLOSE}\\b(?:uncensored|unfiltered|unrestricted|without (?:any )?(?:censorship|filters?|limits|restrictions|rules)|no (?:filters?|limits|censorship|restrictions))\\b|\\b(?:no|without|zero|have no|free of) (?:content|safety|moral|ethical) (?:rules|limits|restrictions|filters?|guidelines|polic(?:y|ies)|boundaries)\\b|\\b(?:raise|set|change|switch|treat|consider|bump|upgrade)\\b${CLOSE}\\brating\\b${CLOSE}\\b(?:mature|adult|18|explicit|off|none|unrated|x|nc-?17)\\b|\\b(?:pretend|act as if|act like|imagine|assume|suppose)\\b${CLOSE}\\b(?:rating|rules|filters?|limits?|moderation|polic(?:y|ies)|restrictions)\\b${CLOSE}\\b(?:not exist|doesn't exist|do not|don't|gone|off|none|never)\\b|\\bwhat (?:were|are|have) you (?:been )?(?:told|instructed|given|programmed|asked)\\b${CLOSE}\\b(?:before|above|at the (?:start|beginning)|to (?:do|say|hide|avoid)|not to)\\b|\\brepeat (?:it|that|this|everything|all|what)\\b${CLOSE}\\b(?:word for word|verbatim|above|exactly)\\b|\\brating ?[=:] ?(?:mature|adult|none|off|explicit|18)|\\b(?:admin|operator|owner|developers?|gm|moderators?|system)\\b${CLOSE}\\b(?:said|says|approved|approves|allows?|allowed|authori[sz]ed|permits?|permitted|disabled|lifted|turned off|confirmed|unlocked|granted)\\b${CLOSE}\\b(?:it|this|everything|anything|the (?:filter|rating|limit)s?|all content|explicit|nsfw|uncensored|moderation)\\b`,
      'g',
    ),
  },
  {
    id: 'injection.encoded',
    severity: 2,
    pattern:
      /\b(?:decode|decrypt|decipher|base ?64|rot-?13|hex)\b[^.!?\n]{0,30}\b(?:and (?:then )?(?:follow|execute|obey|run|do)|base ?64|rot-?13|encoded (?:text|string|message|instructions))/g,
  },
];

const BASE64 = /[A-Za-z0-9+/]{60,4000}={0,2}/g;
const HEX = /(?:[0-9a-fA-F]{2}[ :]?){40,2000}/g;
const ESCAPES = /(?:\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|%[0-9a-fA-F]{2}|&#[0-9]{2,6};){10,1000}/g;

/** Attempts to give orders to the model: 2 or 3 where a text is an order or a label, 1 or 2 where a story is told. */
export const injectionFindings: Detector = (views, { channel }) => {
  const less = ORDERS.includes(channel) ? 0 : 1;
  const findings: Finding[] = [];
  const add = (id: string, severity: number, spans: Finding['spans']): void => {
    if (spans.length === 0) return;
    findings.push({
      id,
      harm: 'injection',
      severity: severity - less,
      spans,
      source: 'rule',
      label: 'injection',
    });
  };
  for (const { id, pattern, severity } of RULES) {
    const matches = [...views.folded.matchAll(pattern)];
    add(
      id,
      severity,
      matches.map((match) => literalSpan(views, match.index, match.index + match[0].length)),
    );
  }
  add('injection.encoded', 2, payloads(views));
  return findings;
};

/** Long runs that are no words: only a program reads them. */
function payloads({ literal }: TextViews): Finding['spans'] {
  const spans: { start: number; end: number }[] = [];
  for (const pattern of [BASE64, HEX, ESCAPES]) {
    for (const match of literal.matchAll(pattern)) {
      if (pattern === BASE64 && !isMixed(match[0])) continue;
      if (pattern === HEX && !/[0-9]/.test(match[0])) continue;
      spans.push({ start: match.index, end: match.index + match[0].length });
    }
  }
  return spans;
}

/** Has both cases and digits, and not one letter over and over, as shouts do. */
function isMixed(run: string): boolean {
  return /[A-Z]/.test(run) && /[a-z]/.test(run) && /[0-9]/.test(run) && new Set(run).size > 12;
}
