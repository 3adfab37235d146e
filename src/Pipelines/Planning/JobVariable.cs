namespace Squero.Pipelines;

/// <summary>One variable as a job gets it. In lists the later of two with one key wins.</summary>
/// <param name="Public">False: kept out of debug output.</param>
/// <param name="File">The value is the content of a file; the variable will be its path.</param>
/// <param name="Raw">References in the value are not followed.</param>
public sealed record JobVariable(
    string Key, string Value, bool Public = true, bool Masked = false, bool File = false, bool Raw = false);
