using System.Collections.Immutable;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Squero.Pipelines;

/// <summary>Reads YAML text into nodes, with Ruby's reading of plain values. Limits make every text end in a node or a sentence.</summary>
internal sealed class YamlReader
{
    public const int MaxCharacters = 2 * 1024 * 1024;
    public const int MaxDepth = 100;
    private readonly string? file;
    private readonly IParser parser;
    private readonly Dictionary<string, CiNode> anchors = new(StringComparer.Ordinal);

    private YamlReader(string text, string? file)
    {
        this.file = file;
        parser = new Parser(new StringReader(text));
    }

    /// <summary>The one document of the text; the header document of an included file (only <c>spec</c>) is passed over.</summary>
    /// <param name="file">For places; null for the main file.</param>
    public static CiMap Read(string text, string? file)
    {
        var subject = file is null ? "The file" : $"`{file}`";
        if (text.Length > MaxCharacters)
        {
            throw DefinitionException.Because(ErrorCategory.TooLarge, $"{subject} is larger than 2 MiB.", new Place(file, 0));
        }

        if (text.Contains('\0', StringComparison.Ordinal))
        {
            throw DefinitionException.Because(ErrorCategory.InvalidYaml, $"{subject} contains NUL characters.", new Place(file, 0));
        }

        var reader = new YamlReader(text, file);
        try
        {
            return reader.Documents() switch
            {
                CiMap map => map,
                CiScalar { IsNull: true } => throw DefinitionException.Because(
                    ErrorCategory.NoVisibleJobs, $"{subject} is empty: it needs at least one job.", new Place(file, 1)),
                var other => throw DefinitionException.Because(
                    ErrorCategory.InvalidYaml, $"{subject} must be a map of jobs, but it is {other.Kind}.", other.Place),
            };
        }
        catch (YamlException broken)
        {
            throw DefinitionException.Because(
                ErrorCategory.InvalidYaml, $"{subject} is not valid YAML: {broken.Message.TrimEnd('.')}.", new Place(file, (int)broken.Start.Line));
        }
        catch (Exception broken) when (broken is InvalidOperationException or ArgumentException or IndexOutOfRangeException or FormatException or OverflowException)
        {
            // The parser falls over some broken texts instead of naming what is wrong with them.
            var line = (int)(reader.parser.Current?.End.Line ?? 1);
            throw DefinitionException.Because(ErrorCategory.InvalidYaml, $"{subject} is not valid YAML near line {line}.", new Place(file, line));
        }
    }

    private CiNode Documents()
    {
        parser.Consume<StreamStart>();
        CiNode found = new CiScalar(null, new Place(file, 1));
        for (var count = 0; parser.Accept<DocumentStart>(out var start); count++)
        {
            var isHeader = count == 1 && found is CiMap { Entries: [{ Key: "spec" }] };
            if (count > 0 && !isHeader)
            {
                throw Broken("A pipeline file holds one document, but a second one begins here.", start);
            }

            parser.Consume<DocumentStart>();
            anchors.Clear();
            found = Node(0);
            parser.Consume<DocumentEnd>();
        }

        return found;
    }

    // A map belongs to the line of its key: that is where a person looks for a job.
    private CiNode Node(int depth, ParsingEvent? key = null)
    {
        var next = parser.Consume<ParsingEvent>();
        if (depth > MaxDepth)
        {
            throw DefinitionException.Because(ErrorCategory.TooLarge, $"Values are nested more than {MaxDepth} deep.", PlaceOf(next));
        }

        CiNode node = next switch
        {
            AnchorAlias alias => anchors.GetValueOrDefault(alias.Value.Value)
                ?? throw Broken($"The alias *{alias.Value.Value} has no anchor &{alias.Value.Value} before it.", alias),
            Scalar scalar => ScalarOf(scalar),
            SequenceStart sequence when TagOf(sequence) == "!reference" => Reference(sequence),
            SequenceStart sequence => Sequence(sequence, depth),
            MappingStart mapping => Mapping(mapping, depth, PlaceOf(key ?? mapping)),
            _ => throw Broken("A value is expected here.", next),
        };
        if (next is NodeEvent { Anchor.IsEmpty: false } anchored)
        {
            anchors[anchored.Anchor.Value] = node;
        }

        return node;
    }

    private CiScalar ScalarOf(Scalar scalar)
    {
        if (scalar.Value.Contains('\0', StringComparison.Ordinal))
        {
            throw Broken("A text contains a NUL character.", scalar);
        }

        return TagOf(scalar) switch
        {
            "" when scalar.Style == ScalarStyle.Plain && !scalar.IsQuotedImplicit => new CiScalar(PlainScalar.Read(scalar.Value), PlaceOf(scalar)),
            "" or "!" or "!!str" => new CiScalar(scalar.Value, PlaceOf(scalar)),
            "!!int" or "!!float" or "!!bool" or "!!null" => new CiScalar(PlainScalar.Read(scalar.Value), PlaceOf(scalar)),
            var tag => throw UnknownTag(tag, scalar),
        };
    }

    private CiReference Reference(SequenceStart start)
    {
        var path = ImmutableArray.CreateBuilder<string>();
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            var next = parser.Consume<ParsingEvent>();
            path.Add(next is Scalar { Value.Length: > 0 } part ? part.Value : throw Broken("`!reference` takes a list of names.", next));
        }

        return path.Count > 0 ? new CiReference(path.ToImmutable(), PlaceOf(start)) : throw Broken("`!reference` takes a list of names.", start);
    }

    private CiList Sequence(SequenceStart start, int depth)
    {
        RefuseTag(start, "!!seq");
        var items = ImmutableArray.CreateBuilder<CiNode>();
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(Node(depth + 1));
        }

        return new CiList(items.ToImmutable(), PlaceOf(start));
    }

    private CiMap Mapping(MappingStart start, int depth, Place place)
    {
        RefuseTag(start, "!!map");
        var own = new MapBuilder();
        var merged = new MapBuilder();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var next = parser.Consume<ParsingEvent>();
            if (KeyOf(next) is not { } key)
            {
                throw Broken("The key of a map must be a plain text.", next);
            }

            var value = Node(depth + 1, next);
            if (key == "<<" && next is Scalar { Style: ScalarStyle.Plain })
            {
                Merge(merged, value);
            }
            else
            {
                own.Set(key, value);
            }
        }

        var map = own.Build(place);
        foreach (var (key, value) in map.Entries)
        {
            merged.Set(key, value);
        }

        return merged.Build(place);
    }

    private string? KeyOf(ParsingEvent next) => next switch
    {
        Scalar scalar when !scalar.Value.Contains('\0', StringComparison.Ordinal) => Anchored(scalar).Value,
        AnchorAlias alias when anchors.GetValueOrDefault(alias.Value.Value) is CiScalar scalar => CiText.Of(scalar),
        _ => null,
    };

    private Scalar Anchored(Scalar key)
    {
        if (!key.Anchor.IsEmpty)
        {
            anchors[key.Anchor.Value] = ScalarOf(key);
        }

        return key;
    }

    // Of several maps in a list the first wins; keys of the map itself win over all of them (the caller lays them on top).
    private static void Merge(MapBuilder into, CiNode value)
    {
        var sources = value is CiList list ? list.Items.Reverse() : [value];
        foreach (var source in sources)
        {
            if (source is not CiMap map)
            {
                throw DefinitionException.Because(
                    ErrorCategory.InvalidYaml, $"`<<` takes a map or a list of maps, but it is given {source.Kind}.", source.Place);
            }

            foreach (var (key, inner) in map.Entries)
            {
                into.Set(key, inner);
            }
        }
    }

    private void RefuseTag(NodeEvent node, string allowed)
    {
        if (TagOf(node) is { Length: > 0 } tag && tag != allowed && tag != "!")
        {
            throw UnknownTag(tag, node);
        }
    }

    private static string TagOf(NodeEvent node)
    {
        const string standard = "tag:yaml.org,2002:";
        var tag = node.Tag.IsEmpty ? "" : node.Tag.Value;
        return tag.StartsWith(standard, StringComparison.Ordinal) ? "!!" + tag[standard.Length..] : tag;
    }

    private DefinitionException UnknownTag(string tag, ParsingEvent at) =>
        Broken($"The tag {tag} is not known here; the only one is !reference before a list of names.", at);

    private DefinitionException Broken(string sentence, ParsingEvent at) =>
        DefinitionException.Because(ErrorCategory.InvalidYaml, sentence, PlaceOf(at));

    private Place PlaceOf(ParsingEvent at) => new(file, (int)at.Start.Line);
}
