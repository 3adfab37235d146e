namespace Squero.Repositories;

/// <summary>
/// A place for objects that may never be needed: git writes into it and reads from it and from the repository. Named as git names
/// its own, so that what a killed server leaves behind goes with the next pruning.
/// </summary>
internal sealed class ObjectDraft : IDisposable
{
    private readonly string objects;
    private readonly string folder;

    public ObjectDraft(string repository)
    {
        objects = Path.Combine(repository, "objects");
        folder = Path.Combine(objects, "tmp_objdir-draft-" + Path.GetRandomFileName());
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        Environment = new Dictionary<string, string>
        {
            ["GIT_OBJECT_DIRECTORY"] = folder,
            ["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = Quote(objects),
            ["GIT_INDEX_FILE"] = Path.Combine(folder, "index"),
        };
    }

    /// <summary>What a git process needs to work here.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>Makes what was written part of the repository. Objects are named by their content: one that is there already is the same.</summary>
    public void Keep()
    {
        foreach (var from in Directory.EnumerateDirectories(folder).Where(path => Path.GetFileName(path) is { Length: 2 } name && GitNames.IsHex(name)))
        {
            var to = Path.Combine(objects, Path.GetFileName(from));
            Directory.CreateDirectory(to);
            foreach (var file in Directory.EnumerateFiles(from).Where(path => Path.GetFileName(path) is { Length: 38 } name && GitNames.IsHex(name)))
            {
                Move(file, Path.Combine(to, Path.GetFileName(file)));
            }
        }
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (IOException)
        {
            // A git process that was killed may still write its last file; pruning takes the rest.
        }
    }

    private static void Move(string from, string to)
    {
        try
        {
            if (!File.Exists(to))
            {
                File.Move(from, to);
            }
        }
        catch (IOException) when (File.Exists(to))
        {
            // Somebody kept the same object at the same time.
        }
    }

    // The list is separated by colons; quoted, a path may hold one.
    private static string Quote(string path) =>
        '"' + path.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + '"';
}
