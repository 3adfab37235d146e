namespace Squero.Ui;

/// <summary>One file of a tree of changed files.</summary>
public sealed record TreeFile(string Path, string Href, Tone? Mark = null, string? Note = null, bool Current = false);

/// <summary>A folder with what is in it; chains of single folders are joined into one name.</summary>
internal sealed class TreeFolder(string name)
{
    public string Name { get; private set; } = name;

    public SortedDictionary<string, TreeFolder> Folders { get; private set; } = new(StringComparer.Ordinal);

    public List<TreeFile> Files { get; private set; } = [];

    public static TreeFolder Of(IEnumerable<TreeFile> files)
    {
        var root = new TreeFolder("");
        foreach (var file in files)
        {
            var folder = root;
            foreach (var part in file.Path.Split('/').SkipLast(1))
            {
                if (!folder.Folders.TryGetValue(part, out var next))
                    folder.Folders[part] = next = new TreeFolder(part);
                folder = next;
            }
            folder.Files.Add(file);
        }
        foreach (var folder in root.Folders.Values)
            folder.Join();
        return root;
    }

    private void Join()
    {
        while (Files.Count == 0 && Folders.Count == 1)
        {
            var only = Folders.Values.Single();
            Name = $"{Name}/{only.Name}";
            Files = only.Files;
            Folders = only.Folders;
        }
        foreach (var folder in Folders.Values)
            folder.Join();
    }
}
