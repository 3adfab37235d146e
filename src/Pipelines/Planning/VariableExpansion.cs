using System.Text;

namespace Squero.Pipelines;

/// <summary>Follows references between variables: <c>$NAME</c>, <c>${NAME}</c>, <c>%NAME%</c>. <c>$$</c> and <c>%%</c> stay, unknown names too.</summary>
internal static class VariableExpansion
{
    /// <summary>Values that would grow longer stay as they are written.</summary>
    public const int MaxLength = 64 * 1024;

    private const int MaxTotal = 1024 * 1024;

    /// <param name="lookup">Value for a name, or null to leave the reference for the runner.</param>
    public static string Expand(string text, Func<string, string?> lookup)
    {
        if (text.AsSpan().IndexOfAny('$', '%') < 0)
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length;)
        {
            var (name, length) = Reference(text, at);
            result.Append(name is null || lookup(name) is not { } value ? text.AsSpan(at, length) : value);
            at += length;
            if (result.Length > MaxLength)
            {
                return text;
            }
        }

        return result.ToString();
    }

    /// <summary>Names the text refers to.</summary>
    public static IEnumerable<string> References(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            var (name, length) = Reference(text, at);
            at += length;
            if (name is not null)
            {
                yield return name;
            }
        }
    }

    /// <summary>All variables with references among them followed to the end; of two with one key the later is kept.</summary>
    /// <param name="circle">Names that refer to each other in a circle, or empty. Their references stay.</param>
    public static IReadOnlyList<JobVariable> ExpandAll(IEnumerable<JobVariable> variables, out IReadOnlyList<string> circle)
    {
        var last = new Dictionary<string, JobVariable>(StringComparer.Ordinal);
        var order = new List<string>();
        foreach (var variable in variables)
        {
            if (!last.ContainsKey(variable.Key))
            {
                order.Add(variable.Key);
            }

            last[variable.Key] = variable;
        }

        var following = new Following(last);
        var expanded = order.Select(name => last[name] with { Value = following.ValueOf(name) }).ToList();
        circle = following.Circle;
        return expanded;
    }

    // The reference at a place, or the length of the plain text there.
    private static (string? Name, int Length) Reference(string text, int at)
    {
        var c = text[at];
        if (c is not ('$' or '%'))
        {
            var next = text.AsSpan(at).IndexOfAny('$', '%');
            return (null, next < 0 ? text.Length - at : next);
        }

        if (at + 1 < text.Length && text[at + 1] == c)
        {
            return (null, 2);
        }

        var braced = c == '$' && at + 1 < text.Length && text[at + 1] == '{';
        var start = at + (braced ? 2 : 1);
        var end = start;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_'))
        {
            end++;
        }

        var closes = c == '%' ? '%' : braced ? '}' : '\0';
        if (end == start || (closes != '\0' && (end >= text.Length || text[end] != closes)))
        {
            return (null, 1);
        }

        return (text[start..end], end - at + (closes == '\0' ? 0 : 1));
    }

    private sealed class Following(Dictionary<string, JobVariable> variables)
    {
        private const int MaxDepth = 200;
        private readonly Dictionary<string, string> done = new(StringComparer.Ordinal);
        private readonly List<string> open = [];
        private int total;

        public IReadOnlyList<string> Circle { get; private set; } = [];

        public string ValueOf(string name)
        {
            if (done.TryGetValue(name, out var known))
            {
                return known;
            }

            var variable = variables[name];
            if (variable.Raw || variable.File || total > MaxTotal)
            {
                return done[name] = variable.Value;
            }

            open.Add(name);
            var value = Expand(variable.Value, Referred);
            open.RemoveAt(open.Count - 1);
            total += value.Length;
            return done[name] = value;
        }

        // Raw and file variables stay references: only the runner knows what to do with them.
        private string? Referred(string name)
        {
            if (!variables.TryGetValue(name, out var target) || target.Raw || target.File || name == open[^1])
            {
                return null;
            }

            var start = open.IndexOf(name);
            if (start >= 0 || open.Count > MaxDepth)
            {
                Circle = Circle.Count > 0 ? Circle : [.. open.Skip(Math.Max(start, 0))];
                return null;
            }

            return ValueOf(name);
        }
    }
}
