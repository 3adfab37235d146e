using System.Collections.Immutable;

namespace Squero.Pipelines;

/// <summary>Puts copies in the place of <c>!reference</c>s, before extends: a reference sees what a section says itself.</summary>
internal sealed class ReferenceResolver
{
    public const int MaxChain = 10;
    private readonly CiMap root;
    private readonly Dictionary<CiNode, CiNode> done = new(ReferenceEqualityComparer.Instance);
    private readonly List<string> open = [];

    private ReferenceResolver(CiMap root) => this.root = root;

    public static CiMap Resolve(CiMap root) => (CiMap)new ReferenceResolver(root).Visit(root);

    private CiNode Visit(CiNode node)
    {
        if (node is CiScalar)
        {
            return node;
        }

        // Shared nodes are visited once, or a file of aliases would take exponential time.
        if (done.TryGetValue(node, out var known))
        {
            return known;
        }

        return done[node] = node switch
        {
            CiList list => list.Items.Any(Changes) ? new CiList([.. list.Items.Select(Visit)], list.Place) : list,
            CiMap map => new CiMap([.. map.Entries.Select(entry => KeyValuePair.Create(entry.Key, Visit(entry.Value)))], map.Place),
            CiReference reference => Follow(reference),
            _ => node,
        };
    }

    private static bool Changes(CiNode node) => node is not CiScalar;

    private CiNode Follow(CiReference reference)
    {
        var name = reference.ToString();
        if (open.Contains(name) || open.Count >= MaxChain)
        {
            throw DefinitionException.Because(
                ErrorCategory.ReferenceNotFound,
                open.Contains(name) ? $"{name} leads back to itself." : $"{name} is the end of a chain of more than {MaxChain} references.",
                reference.Place);
        }

        CiNode? target = root;
        foreach (var key in reference.Path)
        {
            target = (target as CiMap)?[key];
        }

        if (target is null or CiScalar { IsNull: true })
        {
            throw DefinitionException.Because(ErrorCategory.ReferenceNotFound, $"{name} is not found: the file has no such section.", reference.Place);
        }

        open.Add(name);
        var copy = Visit(target);
        open.RemoveAt(open.Count - 1);
        return copy;
    }
}
