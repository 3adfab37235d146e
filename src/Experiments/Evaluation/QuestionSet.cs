namespace Squero.Experiments;

/// <summary>Questions with what is expected of their answers, for trying programs that answer. It may belong to several experiments.</summary>
public sealed record QuestionSet
{
    public const int MaxName = 500;

    public long Id { get; init; }

    /// <summary><c>d-</c> and 32 hexadecimal digits.</summary>
    public string Uid { get; init; } = "";

    public long ProjectId { get; init; }

    public string Name { get; init; } = "";

    /// <summary>The fields of its questions with their types, as JSON; null while there are none.</summary>
    public string? Schema { get; init; }

    /// <summary>Eight hexadecimal digits that change with the set.</summary>
    public string Digest { get; init; } = "";

    public long CreatedMs { get; init; }

    public long UpdatedMs { get; init; }

    /// <summary>Who the client says it is; not an account.</summary>
    public string? CreatedBy { get; init; }

    public string? UpdatedBy { get; init; }

    public long Questions { get; init; }

    public IReadOnlyList<NamedText> Tags { get; init; } = [];
}

/// <summary>One question. All texts but the ids and names are JSON.</summary>
public sealed record Question
{
    /// <summary>So long may one be, in characters of JSON.</summary>
    public const int MaxLength = 1_000_000;

    public long Id { get; init; }

    /// <summary><c>dr-</c> and 32 hexadecimal digits.</summary>
    public string Uid { get; init; } = "";

    public string Inputs { get; init; } = "{}";

    public string? Outputs { get; init; }

    public string? Expectations { get; init; }

    public string? Tags { get; init; }

    public string? Source { get; init; }

    public long CreatedMs { get; init; }

    public long UpdatedMs { get; init; }

    public string? CreatedBy { get; init; }

    public string? UpdatedBy { get; init; }
}
