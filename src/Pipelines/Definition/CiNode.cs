using System.Collections.Immutable;

namespace Squero.Pipelines;

/// <summary>Where something is written.</summary>
/// <param name="File">Null: the main file.</param>
/// <param name="Line">From 1; 0: nowhere.</param>
internal readonly record struct Place(string? File, int Line);

/// <summary>
/// A value of the file. Immutable, so anchors share nodes; <see cref="Weight"/> is the size with all sharing written out,
/// and no node over <see cref="MaxWeight"/> can be made: that is what stops alias bombs, whichever keyword builds them.
/// </summary>
internal abstract class CiNode(Place place, long weight)
{
    public const long MaxWeight = 200_000;

    public Place Place { get; } = place;

    public long Weight { get; } = weight <= MaxWeight
        ? weight
        : throw DefinitionException.Because(
            ErrorCategory.TooLarge, $"The file grows over {MaxWeight} values when its aliases and references are written out.", place);

    /// <summary>What kind of value this is, for sentences.</summary>
    public abstract string Kind { get; }
}

/// <summary>A single value: null, bool, long, double or string.</summary>
internal sealed class CiScalar(object? value, Place place) : CiNode(place, 1)
{
    public object? Value { get; } = value;

    public bool IsNull => Value is null;

    public override string Kind => Value switch { null => "nothing", bool => "a boolean", string => "a text", _ => "a number" };
}

internal sealed class CiList(ImmutableArray<CiNode> items, Place place) : CiNode(place, 1 + items.Sum(item => item.Weight))
{
    public ImmutableArray<CiNode> Items { get; } = items;

    public override string Kind => "a list";
}

/// <summary>A map in the order of the file. A key set again takes its old place with the new value.</summary>
internal sealed class CiMap : CiNode
{
    private readonly Dictionary<string, int> index;

    public CiMap(ImmutableArray<KeyValuePair<string, CiNode>> entries, Place place)
        : base(place, 1 + entries.Sum(entry => 1 + entry.Value.Weight))
    {
        Entries = entries;
        index = new Dictionary<string, int>(entries.Length, StringComparer.Ordinal);
        for (var i = 0; i < entries.Length; i++)
        {
            index[entries[i].Key] = i;
        }
    }

    public ImmutableArray<KeyValuePair<string, CiNode>> Entries { get; }

    public IEnumerable<string> Keys => Entries.Select(entry => entry.Key);

    /// <summary>Null when the key is not there; a <see cref="CiScalar"/> of null when it is there and empty.</summary>
    public CiNode? this[string key] => index.TryGetValue(key, out var at) ? Entries[at].Value : null;

    public override string Kind => "a map";

    /// <summary>This map with the other's entries laid over it, maps in maps merged too, all else replaced.</summary>
    public CiMap MergedWith(CiMap over)
    {
        var merged = new MapBuilder(Entries.Length + over.Entries.Length);
        foreach (var (key, value) in Entries)
        {
            merged.Set(key, value);
        }

        foreach (var (key, value) in over.Entries)
        {
            merged.Set(key, this[key] is CiMap below && value is CiMap above ? below.MergedWith(above) : value);
        }

        return merged.Build(over.Place);
    }

    public CiMap Without(string key) => this[key] is null ? this : new([.. Entries.Where(entry => entry.Key != key)], Place);
}

/// <summary><c>!reference [section, key, …]</c>, until it is resolved.</summary>
internal sealed class CiReference(ImmutableArray<string> path, Place place) : CiNode(place, 1)
{
    public ImmutableArray<string> Path { get; } = path;

    public override string Kind => "a reference";

    public override string ToString() => $"!reference [{string.Join(", ", Path)}]";
}

internal sealed class MapBuilder(int capacity = 8)
{
    private readonly List<KeyValuePair<string, CiNode>> entries = new(capacity);
    private readonly Dictionary<string, int> index = new(capacity, StringComparer.Ordinal);

    public void Set(string key, CiNode value)
    {
        if (index.TryGetValue(key, out var at))
        {
            entries[at] = new(key, value);
            return;
        }

        index[key] = entries.Count;
        entries.Add(new(key, value));
    }

    public bool Has(string key) => index.ContainsKey(key);

    public CiMap Build(Place place) => new([.. entries], place);
}
