using System.Text;
using Squero.RunnerProtocol;

namespace Squero.Runner;

/// <summary>The variables of one job in their order: a later one of the same key wins. References are expanded once.</summary>
internal sealed class JobVariables
{
    private const int MaxExpandedLength = 1024 * 1024;

    /// <summary>Names that bash keeps for itself: assigning them is an error that would end the script.</summary>
    private static readonly HashSet<string> KeptByBash = new(StringComparer.Ordinal)
    {
        "BASHOPTS", "BASH_VERSINFO", "EUID", "PPID", "SHELLOPTS", "UID",
    };

    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);
    private readonly HashSet<string> secrets = new(StringComparer.Ordinal);

    private JobVariables()
    {
    }

    /// <summary>Values that must not appear in the log.</summary>
    public IReadOnlyCollection<string> Secrets => secrets;

    /// <param name="writeFile">Keeps the value of a file variable and gives its path for the job.</param>
    public static async Task<JobVariables> ResolveAsync(IEnumerable<JobVariable> list, Func<string, string, Task<string>> writeFile)
    {
        var last = new Dictionary<string, JobVariable>(StringComparer.Ordinal);
        var made = new JobVariables();
        foreach (var variable in list.Where(variable => IsName(variable.Key)))
        {
            last[variable.Key] = variable;
        }

        foreach (var (key, variable) in last.Where(pair => pair.Value.File))
        {
            last[key] = variable with { Value = await writeFile(key, variable.Value).ConfigureAwait(false), Raw = true };
            made.Hide(variable, variable.Value);
        }

        foreach (var (key, variable) in last)
        {
            var value = variable.Raw ? variable.Value : Expand(variable.Value, name => last.GetValueOrDefault(name)?.Value);
            made.values[key] = value;
            if (!variable.File)
            {
                made.Hide(variable, value);
                made.Hide(variable, variable.Value);
            }
        }

        return made;
    }

    public string? Find(string name) => values.GetValueOrDefault(name);

    public string Expand(string text) => Expand(text, Find);

    /// <summary>Lines for bash that export all of them.</summary>
    public string ToExports()
    {
        var lines = new StringBuilder();
        foreach (var (key, value) in values.Where(pair => !KeptByBash.Contains(pair.Key)))
        {
            lines.Append("export ").Append(key).Append('=').Append(ShellText.Quote(value)).Append('\n');
        }

        return lines.ToString();
    }

    /// <summary>$NAME, ${NAME} and $$ for a dollar; unknown names are empty, other dollars stay.</summary>
    public static string Expand(string text, Func<string, string?> find)
    {
        var result = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length && result.Length < MaxExpandedLength;)
        {
            if (text[at] != '$')
            {
                result.Append(text[at++]);
                continue;
            }

            at = ExpandOne(text, at, find, result);
        }

        return result.ToString();
    }

    private static int ExpandOne(string text, int at, Func<string, string?> find, StringBuilder result)
    {
        if (at + 1 < text.Length && text[at + 1] == '$')
        {
            result.Append('$');
            return at + 2;
        }

        var braced = at + 1 < text.Length && text[at + 1] == '{';
        var start = at + (braced ? 2 : 1);
        var end = start;
        while (end < text.Length && IsNameLetter(text[end], first: end == start))
        {
            end++;
        }

        var closed = !braced || (end < text.Length && text[end] == '}');
        if (end == start || !closed)
        {
            result.Append('$');
            return at + 1;
        }

        result.Append(find(text[start..end]));
        return braced ? end + 1 : end;
    }

    private static bool IsName(string key) => key.Length > 0 && key.Index().All(letter => IsNameLetter(letter.Item, letter.Index == 0));

    private static bool IsNameLetter(char letter, bool first) =>
        char.IsAsciiLetter(letter) || letter == '_' || (!first && char.IsAsciiDigit(letter));

    private void Hide(JobVariable variable, string value)
    {
        if (variable.Masked && value.Length > 0)
        {
            secrets.Add(value);
        }
    }
}
