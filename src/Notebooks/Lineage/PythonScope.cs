namespace Squero.Notebooks;

/// <summary>
/// The names of a stretch of code: which it gives a value, which it needs from elsewhere, and which things it changes
/// without naming them anew. What a function needs is needed once the whole cell has run.
/// </summary>
internal sealed class PythonScope
{
    public HashSet<string> Defines { get; } = new(StringComparer.Ordinal);

    public HashSet<string> Uses { get; } = new(StringComparer.Ordinal);

    public HashSet<string> Mutates { get; } = new(StringComparer.Ordinal);

    public HashSet<string> Deletes { get; } = new(StringComparer.Ordinal);

    /// <summary>Names that a function gives to the module.</summary>
    public HashSet<string> Globals { get; } = new(StringComparer.Ordinal);

    public bool ImportsAll { get; set; }

    private HashSet<string> Later { get; } = new(StringComparer.Ordinal);

    public void Use(string name)
    {
        if (!Defines.Contains(name))
        {
            Uses.Add(name);
        }
    }

    public void Define(string name)
    {
        Deletes.Remove(name);
        Defines.Add(name);
    }

    public void Mutate(string name)
    {
        Use(name);
        Mutates.Add(name);
    }

    public void Delete(string name)
    {
        Use(name);
        Defines.Remove(name);
        Deletes.Add(name);
    }

    /// <summary>A function inside: its own names are its own.</summary>
    public void Hold(PythonScope inner, bool runsNow)
    {
        inner.Settle();
        foreach (var name in inner.Uses.Where(name => inner.Globals.Contains(name) || runsNow || !inner.Defines.Contains(name)))
        {
            if (runsNow)
            {
                Use(name);
            }
            else
            {
                Later.Add(name);
            }
        }

        Mutates.UnionWith(inner.Mutates.Where(name => !inner.Defines.Contains(name)));
        foreach (var name in inner.Globals)
        {
            Define(name);
        }
    }

    /// <summary>To be called when all of the code is read.</summary>
    public void Settle()
    {
        Uses.UnionWith(Later.Where(name => !Defines.Contains(name)));
        Later.Clear();
    }
}
