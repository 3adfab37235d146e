namespace Squero.Mlflow;

/// <summary>A span as OpenTelemetry has it. Times are nanoseconds since 1970; 0 where there is none.</summary>
internal sealed record OtlpSpan
{
    public const int MaxAttributes = 2000;
    public const int MaxEvents = 2000;

    public byte[] TraceId { get; init; } = [];

    public byte[] SpanId { get; init; } = [];

    /// <summary>Empty for the root.</summary>
    public byte[] ParentId { get; init; } = [];

    public string Name { get; init; } = "";

    public long StartedNs { get; init; }

    public long EndedNs { get; init; }

    public IReadOnlyList<Attribute> Attributes { get; init; } = [];

    public IReadOnlyList<OtlpEvent> Events { get; init; } = [];

    public IReadOnlyList<OtlpLink> Links { get; init; } = [];

    /// <summary>0: unset, 1: OK, 2: error.</summary>
    public long StatusCode { get; init; }

    public string StatusMessage { get; init; } = "";

    /// <summary>The attribute by its name; null when there is none.</summary>
    public AnyValue? Find(string name) => Attributes.LastOrDefault(attribute => attribute.Key == name).Value;

    /// <summary>Refuses what is no span: ids of another length, or more than is kept of one.</summary>
    public OtlpSpan Check() =>
        TraceId.Length != 16 || SpanId.Length != 8 || ParentId.Length is not (0 or 8) ? throw new FormatException("a span has an id of 8 bytes and a trace id of 16")
        : Attributes.Count > MaxAttributes || Events.Count > MaxEvents || Links.Count > MaxEvents
            ? throw new FormatException($"a span has at most {MaxAttributes} attributes, {MaxEvents} events and {MaxEvents} links")
        : this;
}

internal sealed record OtlpEvent(string Name, long AtNs, IReadOnlyList<Attribute> Attributes);

internal sealed record OtlpLink(byte[] TraceId, byte[] SpanId, IReadOnlyList<Attribute> Attributes);
