namespace Squero.Pipelines;

/// <summary>Merges what jobs extend: parents from left to right, then the job on top; maps are merged, all else is replaced.</summary>
internal sealed class ExtendsResolver(CiMap root, Findings findings)
{
    public const int MaxAncestors = 10;

    // Merging copies: a file in which thousands of jobs extend one huge base must not take minutes.
    private const long MaxWork = 20 * CiNode.MaxWeight;
    private readonly Dictionary<string, CiMap?> done = new(StringComparer.Ordinal);
    private readonly List<string> open = [];
    private long work;

    /// <summary>The section as its own and inherited keys make it, without <c>extends</c>; null (reported) when it cannot be made.</summary>
    public CiMap? Resolve(string name)
    {
        if (done.TryGetValue(name, out var known))
        {
            return known;
        }

        if (root[name] is not CiMap own)
        {
            return null;
        }

        return done[name] = own["extends"] is { } extends and not CiScalar { IsNull: true }
            ? Inherit(name, own, extends)
            : own.Without("extends");
    }

    private CiMap? Inherit(string name, CiMap own, CiNode extends)
    {
        var field = new Field(findings, name, "extends", extends, extends.Place);
        if (open.Contains(name))
        {
            field.Fail($"the chain of `extends` is circular: {string.Join(" → ", open.Append(name))}.", ErrorCategory.CircularExtends);
            return null;
        }

        if (open.Count > MaxAncestors)
        {
            field.Fail($"`extends` is nested more than {MaxAncestors} deep.", ErrorCategory.ExtendsTooDeep);
            return null;
        }

        var parents = field.Texts();
        var unknown = parents.Where(parent => root[parent] is not CiMap).ToList();
        if (unknown.Count > 0)
        {
            field.Fail($"unknown keys in `extends` ({Field.Cut(string.Join(", ", unknown))}).", ErrorCategory.UnknownExtends);
            return null;
        }

        open.Add(name);
        var merged = Merge(own, parents);
        open.RemoveAt(open.Count - 1);
        return merged;
    }

    private CiMap? Merge(CiMap own, IReadOnlyList<string> parents)
    {
        CiMap? below = null;
        foreach (var parent in parents)
        {
            if (Resolve(parent) is not { } resolved)
            {
                return null;
            }

            below = below is null ? resolved : below.MergedWith(resolved);
            Spend(below);
        }

        var merged = below is null ? own : below.MergedWith(own);
        Spend(merged);
        return merged.Without("extends");
    }

    private void Spend(CiMap made)
    {
        work += made.Weight;
        if (work > MaxWork)
        {
            throw DefinitionException.Because(ErrorCategory.TooLarge, "The file grows too large when `extends` is written out.", made.Place);
        }
    }
}
