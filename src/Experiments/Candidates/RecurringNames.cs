namespace Squero.Experiments;

/// <summary>
/// Numbers names in the order in which they first come. Training code logs the same metrics in the same order at every step, so
/// the one after the last is tried first, then the last again; only a name that is neither is looked up.
/// </summary>
public sealed class RecurringNames
{
    private readonly List<string> names = [];
    private Dictionary<string, int>? numbers;
    private int last = -1;

    public int Count => names.Count;

    /// <summary>The number of a name; equal to the former <see cref="Count"/> when the name is new.</summary>
    public int NumberOf(string name)
    {
        var next = last + 1 < names.Count ? last + 1 : 0;
        if (next < names.Count && names[next] == name)
        {
            return last = next;
        }

        return last >= 0 && names[last] == name ? last : last = Find(name);
    }

    private int Find(string name)
    {
        if (names.Count == 0)
        {
            names.Add(name);
            return 0;
        }

        numbers ??= names.Select((known, number) => (known, number)).ToDictionary(pair => pair.known, pair => pair.number, StringComparer.Ordinal);
        if (!numbers.TryGetValue(name, out var found))
        {
            found = numbers[name] = names.Count;
            names.Add(name);
        }

        return found;
    }
}
