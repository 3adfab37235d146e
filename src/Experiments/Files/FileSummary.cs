namespace Squero.Experiments;

/// <summary>What a file is, told without running it: names and values, and a table of what it holds.</summary>
public sealed record FileSummary(IReadOnlyList<NamedText> Facts, string? TableTitle, IReadOnlyList<IReadOnlyList<string>> Rows);

/// <summary>Tells what files of one kind hold; given by modules that know the kind.</summary>
public interface IFileSummary
{
    bool Reads(string fileName);

    /// <summary>Null with a sentence when it is no file of the kind.</summary>
    FileSummary? Summarize(Stream content, out string? reason);
}
