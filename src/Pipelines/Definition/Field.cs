using System.Globalization;

namespace Squero.Pipelines;

/// <summary>The errors and warnings found in one reading; readers add to it and go on, so that a person sees them all at once.</summary>
internal sealed class Findings
{
    public const int MaxErrors = 50;

    public List<DefinitionError> Errors { get; } = [];

    public List<string> Warnings { get; } = [];

    public void Add(DefinitionError error)
    {
        if (Errors.Count < MaxErrors)
        {
            Errors.Add(error);
        }
    }
}

/// <summary>One keyword of one job (or of the file) with its value: reads it as what the caller wants and reports what does not fit.</summary>
internal readonly record struct Field(Findings Findings, string? Job, string Keyword, CiNode? Node, Place Place)
{
    /// <summary>Is there a value? A key set to nothing counts as not given.</summary>
    public bool IsGiven => Node is not null and not CiScalar { IsNull: true };

    public bool IsMap => Node is CiMap;

    public bool IsList => Node is CiList;

    public Field this[string key]
    {
        get
        {
            var child = (Node as CiMap)?[key];
            return new Field(Findings, Job, Keyword.Length == 0 ? key : $"{Keyword}:{key}", child, child?.Place ?? Place);
        }
    }

    public Field With(CiNode node) => this with { Node = node, Place = node.Place };

    public Field Named(string keyword) => this with { Keyword = keyword };

    public void Fail(string sentence, string category = ErrorCategory.InvalidValue)
    {
        var subject = Job is null ? "" : $"{Job}: ";
        Findings.Add(new DefinitionError(
            category, subject + sentence, Job, Keyword.Split(':')[0], Place.Line > 0 ? Place.Line : null, Place.File));
    }

    /// <summary>A text, or a number as its text; null when not given or wrong.</summary>
    public string? Text()
    {
        switch (Node)
        {
            case null or CiScalar { IsNull: true }:
                return null;
            case CiScalar { Value: string or long or double } scalar:
                return CiText.Of(scalar);
            default:
                Fail($"`{Keyword}` must be a text, but it is {Node.Kind}.");
                return null;
        }
    }

    public bool? Truth()
    {
        if (!IsGiven)
        {
            return null;
        }

        if (Node is CiScalar { Value: bool truth })
        {
            return truth;
        }

        Fail($"`{Keyword}` must be true or false, but it is {Shown()}.");
        return null;
    }

    public int? Whole(int least, int most, string category = ErrorCategory.InvalidValue)
    {
        if (!IsGiven)
        {
            return null;
        }

        if (Node is CiScalar { Value: long number } && number >= least && number <= most)
        {
            return (int)number;
        }

        Fail(string.Create(CultureInfo.InvariantCulture, $"`{Keyword}` must be a whole number from {least} to {most}, but it is {Shown()}."), category);
        return null;
    }

    public string? OneOf(IReadOnlyList<string> words, string category = ErrorCategory.InvalidValue)
    {
        if (!IsGiven)
        {
            return null;
        }

        if (Node is CiScalar { Value: string word } && words.Contains(word, StringComparer.Ordinal))
        {
            return word;
        }

        Fail($"`{Keyword}` is {Shown()}, but may only be {string.Join(", ", words)}.", category);
        return null;
    }

    /// <summary>A text or a list of texts, lists in lists flattened. Empty when not given.</summary>
    public IReadOnlyList<string> Texts()
    {
        if (!IsGiven)
        {
            return [];
        }

        var texts = new List<string>();
        foreach (var item in Items())
        {
            if (With(item) is var one && item is CiScalar { IsNull: false } && one.Text() is { } text)
            {
                texts.Add(text);
            }
            else if (item is not CiScalar { Value: bool })
            {
                Fail($"`{Keyword}` must be a text or a list of texts, but it holds {item.Kind}.");
            }
        }

        return texts;
    }

    /// <summary>The value itself, or the items of the list, lists in lists flattened.</summary>
    public IReadOnlyList<CiNode> Items()
    {
        var flat = new List<CiNode>();
        if (IsGiven)
        {
            Flatten(Node!, flat, 0);
        }

        return flat;
    }

    /// <summary>The map, its keys checked; null (reported) when the value is something else.</summary>
    public CiMap? Map(IReadOnlyList<string> allowed)
    {
        if (Node is not CiMap map)
        {
            if (IsGiven)
            {
                Fail($"`{Keyword}` must be a map, but it is {Node!.Kind}.");
            }

            return null;
        }

        foreach (var (key, value) in map.Entries.Where(entry => !allowed.Contains(entry.Key, StringComparer.Ordinal)))
        {
            With(value).Fail($"`{Keyword}` does not know the key `{Cut(key)}`; it knows {string.Join(", ", allowed)}.", ErrorCategory.UnknownKeyword);
        }

        return map;
    }

    public string Shown() => Node is CiScalar { IsNull: false } scalar ? $"`{Cut(CiText.Of(scalar))}`" : Node?.Kind ?? "nothing";

    public static string Cut(string text) => text.Length > 100 ? text[..100] + "…" : text;

    private void Flatten(CiNode node, List<CiNode> into, int depth)
    {
        if (node is not CiList list)
        {
            into.Add(node);
        }
        else if (depth > 10)
        {
            Fail($"`{Keyword}` has lists nested more than 10 deep.");
        }
        else
        {
            foreach (var item in list.Items)
            {
                Flatten(item, into, depth + 1);
            }
        }
    }
}
