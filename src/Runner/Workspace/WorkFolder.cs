namespace Squero.Runner;

/// <summary>The runner's own folder, readable by nobody else, in which each job gets one of its own.</summary>
internal sealed class WorkFolder : IDisposable
{
    private const int MostRunnersOfOneUser = 64;
    private readonly FileStream claim;

    private WorkFolder(string path, FileStream claim)
    {
        Path = path;
        this.claim = claim;
    }

    public string Path { get; }

    /// <summary>Makes it, or takes it over: what a killed runner left in it is deleted.</summary>
    public static WorkFolder Open(string? chosen)
    {
        if (chosen is not null)
        {
            return TryClaim(chosen) ?? throw new IOException($"The work folder {chosen} is in use by another runner. Choose another one.");
        }

        for (var number = 1; number <= MostRunnersOfOneUser; number++)
        {
            if (TryClaim(System.IO.Path.Combine(DefaultRoot(), "squero", $"runner-{number}")) is { } folder)
            {
                return folder;
            }
        }

        throw new IOException("Every default work folder is in use by another runner. Choose one.");
    }

    public void Dispose() => claim.Dispose();

    private static WorkFolder? TryClaim(string chosen)
    {
        var path = HiddenPaths.RealPath(chosen);
        CreatePrivate(path);
        FileStream claim;
        try
        {
            claim = new FileStream(System.IO.Path.Combine(path, "claim"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }

        foreach (var left in Directory.EnumerateDirectories(path, JobFolder.NamePrefix + "*"))
        {
            JobFolder.Delete(left);
        }

        return new WorkFolder(path, claim);
    }

    private static void CreatePrivate(string path)
    {
        Directory.CreateDirectory(path);
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var (kind, owner, _) = Posix.Look(path);
        if (kind != FileKind.Folder || owner != Posix.UserId)
        {
            throw new IOException($"The work folder {path} belongs to somebody else. Choose another one.");
        }

        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static string DefaultRoot()
    {
        if (OperatingSystem.IsLinux() && Posix.UserId == 0)
        {
            return "/var/cache";
        }

        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return !string.IsNullOrEmpty(cache) ? cache
            : home.Length > 1 ? System.IO.Path.Combine(home, ".cache")
            : System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"user-{Posix.UserId}");
    }
}
