namespace Squero.Kernel;

/// <summary>The one folder that holds everything the server keeps. Private to its owner (mode 0700).</summary>
public sealed class DataFolder
{
    /// <summary>Holds the address of the server that used the folder last.</summary>
    public const string AddressFile = "address";

    /// <summary>Holds the address of the folder's PostgreSQL database, without its password.</summary>
    public const string DatabaseMark = "database";

    public DataFolder(string path)
    {
        if (string.IsNullOrWhiteSpace(path) || path.Contains('\0', StringComparison.Ordinal))
        {
            throw Refusal.Invalid("--data is empty. Name the folder that shall hold everything.");
        }

        Root = Path.GetFullPath(path);
        try
        {
            CreatePrivate(Root);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Refusal.Invalid($"{Root} cannot be the data folder: {failure.Message}");
        }

        CloseToOthers();
    }

    public string Root { get; }

    public string DatabaseFile => Path.Combine(Root, "squero.db");

    /// <summary>A private sub-folder, made on first use.</summary>
    public string Folder(string name)
    {
        var path = Path.Combine(Root, name);
        CreatePrivate(path);
        return path;
    }

    public string File(string name) => Path.Combine(Root, name);

    /// <summary>Writes a small file readable by its owner alone, renamed into place so that readers see all or nothing.</summary>
    public void WritePrivate(string name, string content)
    {
        var target = File(name);
        var draft = target + ".new";
        System.IO.File.Delete(draft);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(draft, options))
        using (var writer = new StreamWriter(stream))
        {
            writer.Write(content);
            writer.Flush();
            stream.Flush(flushToDisk: true);
        }

        System.IO.File.Move(draft, target, overwrite: true);
    }

    /// <summary>
    /// A folder that was made by hand is often readable by everybody on the machine. Only an empty folder or one of ours is
    /// touched: <c>--data /tmp</c> must not lock everybody out of it, nor show everybody what the server keeps.
    /// </summary>
    private void CloseToOthers()
    {
        const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        if (OperatingSystem.IsWindows() || (System.IO.File.GetUnixFileMode(Root) & Others) == 0)
        {
            return;
        }

        if (System.IO.File.Exists(DatabaseFile) || System.IO.File.Exists(File(DatabaseMark)) || !Directory.EnumerateFileSystemEntries(Root).Any())
        {
            System.IO.File.SetUnixFileMode(Root, System.IO.File.GetUnixFileMode(Root) & ~Others);
            return;
        }

        throw Refusal.Invalid($"{Root} holds other files and is open to others on this machine. Give an empty folder with --data, or one that does not exist yet.");
    }

    private static void CreatePrivate(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else if (!Directory.Exists(path))
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
