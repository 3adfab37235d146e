using System.Text;

namespace Squero.Runner;

/// <summary>
/// The folder of one job. <c>builds</c>, <c>home</c> and <c>tmp</c> are the job's; <c>scripts</c> and <c>files</c> it can
/// only read; <c>runner</c> (log, archives) it does not see. Nothing is written by the runner into what the job owns while a
/// process of it lives.
/// </summary>
internal sealed class JobFolder : IDisposable
{
    public const string NamePrefix = "job-";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private readonly string outer;
    private readonly string projectName;
    private readonly bool confined;

    private JobFolder(string outer, string projectName, int? owner, bool confined)
    {
        this.outer = outer;
        this.projectName = projectName;
        this.confined = confined;
        Owner = owner;
    }

    /// <summary>The user id to whom the job's files belong when it is not the runner's.</summary>
    public int? Owner { get; }

    public string Root => Path.Combine(outer, "job");

    public string Builds => Path.Combine(Root, "builds");

    public string Home => Path.Combine(Root, "home");

    public string Temporary => Path.Combine(Root, "tmp");

    public string Scripts => Path.Combine(Root, "scripts");

    public string Files => Path.Combine(Root, "files");

    /// <summary>The runner's own files about this job.</summary>
    public string Private => Path.Combine(outer, "runner");

    /// <summary>The work tree.</summary>
    public string Project => Path.Combine(Builds, projectName);

    /// <summary>The same place as the job sees it.</summary>
    public string InsideProject => Inside("builds/" + projectName);

    public static JobFolder Create(WorkFolder work, string name, string projectName, int? owner, bool confined = true)
    {
        var folder = new JobFolder(Path.Combine(work.Path, NamePrefix + name), SafeName(projectName), owner, confined);
        Delete(folder.outer);
        foreach (var path in new[] { folder.outer, folder.Private, folder.Root, folder.Builds, folder.Home, folder.Temporary, folder.Scripts, folder.Files })
        {
            Directory.CreateDirectory(path);
        }

        foreach (var path in new[] { folder.Builds, folder.Home, folder.Temporary })
        {
            folder.Give(path);
        }

        folder.MakeOwnProject();
        return folder;
    }

    /// <summary>How the job calls a path below <see cref="Root"/>.</summary>
    public string Inside(string relative) => confined ? $"{Confinement.InsideRoot}/{relative}" : Path.Combine(Root, relative);

    public void Give(string path)
    {
        if (Owner is { } user)
        {
            Posix.Give(path, user);
        }
    }

    /// <summary>Writes a script that only the job's user can read: it may hold secrets.</summary>
    public Task WriteScriptAsync(string name, string text, CancellationToken cancel) => WriteAsync(Path.Combine(Scripts, name), text, cancel);

    /// <summary>Writes the value of a file variable and gives its path as the job sees it.</summary>
    public async Task<string> WriteFileAsync(string name, string text, CancellationToken cancel)
    {
        await WriteAsync(Path.Combine(Files, name), text, cancel).ConfigureAwait(false);
        return Inside("files/" + name);
    }

    public void Dispose() => Delete(outer);

    /// <summary>Deletes a folder tree even where a job took the right to do so away from itself; links are not followed.</summary>
    public static void Delete(string path)
    {
        if (Posix.Look(path).Kind != FileKind.Folder)
        {
            return;
        }

        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            Unlock(path);
            Directory.Delete(path, recursive: true);
        }
    }

    private static void Unlock(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, OwnerOnly);
        }

        foreach (var child in Directory.EnumerateDirectories(path))
        {
            if (Posix.Look(child).Kind == FileKind.Folder)
            {
                Unlock(child);
            }
        }
    }

    private static string SafeName(string name)
    {
        var safe = string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' ? letter : '-'));
        return safe.Length is 0 or > 100 || safe.Trim('.').Length == 0 ? "project" : safe;
    }

    private void MakeOwnProject()
    {
        Directory.CreateDirectory(Project);
        Give(Project);
    }

    private async Task WriteAsync(string path, string text, CancellationToken cancel)
    {
        var choices = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            choices.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using var file = new FileStream(path, choices);
        await file.WriteAsync(Encoding.UTF8.GetBytes(text), cancel).ConfigureAwait(false);
        Give(path);
    }
}
