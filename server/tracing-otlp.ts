import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, type Context, type Tracer } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOnSampler,
  BatchSpanProcessor,
  RandomIdGenerator,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { TraceExporter } from './tracing.ts';
import type { TraceSpan, TurnTrace } from './tracing-turn.ts';

/** A turn has five spans or so: this is a hundred turns. */
const MOST_SPANS_WAITING = 1_024;
const SEND_EVERY_MS = 2_000;
const SEND_TIMEOUT_MS = 5_000;

/**
 * Sends traces to an OpenTelemetry collector, in batches, as OTLP JSON over HTTP. What it cannot take is dropped. This
 * file is loaded only where a collector is configured; nothing here is registered for the whole process.
 */
export function openOtlp(of: { endpoint: string; version: string }): TraceExporter {
  const ids = new TurnIds();
  const exporter = new OTLPTraceExporter({
    url: `${of.endpoint}/v1/traces`,
    timeoutMillis: SEND_TIMEOUT_MS,
  });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'taleloom', 'service.version': of.version }),
    sampler: new AlwaysOnSampler(),
    idGenerator: ids,
    spanProcessors: [
      new BatchSpanProcessor({
        exporter,
        maxQueueSize: MOST_SPANS_WAITING,
        maxExportBatchSize: 256,
        scheduledDelayMillis: SEND_EVERY_MS,
        exportTimeoutMillis: SEND_TIMEOUT_MS,
      }),
    ],
  });
  const tracer = provider.getTracer('taleloom', of.version);
  return {
    send: ({ context, root }) => {
      ids.next = context.traceId;
      write(tracer, root, parentOf(context));
    },
    close: () => provider.shutdown(),
  };
}

/** Span ids are random; the id of a trace is that of its turn. */
class TurnIds {
  readonly #random = new RandomIdGenerator();
  next = '';

  generateTraceId(): string {
    return this.next;
  }

  generateSpanId(): string {
    return this.#random.generateSpanId();
  }
}

function parentOf({ traceId, parentId }: TurnTrace['context']): Context {
  if (parentId === null) return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId: parentId, traceFlags: 1, isRemote: true });
}

function write(tracer: Tracer, of: TraceSpan, parent: Context): void {
  const options = { kind: SpanKind.INTERNAL, startTime: of.startAt, attributes: of.attributes };
  const span = tracer.startSpan(of.name, options, parent);
  for (const event of of.events) span.addEvent(event.name, event.attributes, event.at);
  if (of.error !== null) span.setStatus({ code: SpanStatusCode.ERROR, message: of.error });
  const own = trace.setSpan(parent, span);
  for (const child of of.children) write(tracer, child, own);
  span.end(of.endAt);
}
