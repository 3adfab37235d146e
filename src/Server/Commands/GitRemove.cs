using System.Text;

namespace Squero.Server;

/// <summary>Takes away what <see cref="GitInstall"/> wrote, and nothing else.</summary>
/// <param name="folder">The repository, or a folder in it.</param>
/// <param name="output">Told what was done.</param>
/// <param name="errors">Told why nothing was.</param>
internal sealed class GitRemove(string folder, TextWriter output, TextWriter errors)
{
    private const string CachedText = "refs/notes/textconv/" + GitInstall.Driver;
    private readonly OwnGit git = new(folder);

    /// <summary>0; 1 when the folder is in no repository.</summary>
    /// <param name="tracked">Takes the line out of .gitattributes, too, which others have as well.</param>
    /// <param name="cancel">Stops it.</param>
    public async Task<int> RunAsync(bool tracked, CancellationToken cancel)
    {
        if (await git.AskAsync(cancel, "rev-parse", "--git-dir") is null)
        {
            await errors.WriteLineAsync($"{git.Folder} is in no git repository; go to one and call this again.");
            return 1;
        }

        var changed = await RemoveSectionAsync("diff", cancel) | await RemoveSectionAsync("merge", cancel) | await RemoveCacheAsync(cancel);
        if (await git.OwnAttributesAsync(cancel) is { } own)
        {
            changed |= await RemoveLineAsync(own, cancel);
        }

        var shared = await git.TrackedAttributesAsync(cancel);
        if (tracked && shared is not null)
        {
            changed |= await RemoveLineAsync(shared, cancel);
        }

        await output.WriteLineAsync(changed ? "git takes notebooks as any other text again in this repository." : "Nothing to do: this repository is not set up.");
        if (!tracked && shared is not null && await HasLineAsync(shared, cancel))
        {
            await output.WriteLineAsync($"{shared} still names {GitInstall.Driver}, which does nothing here now; --tracked takes the line out.");
        }

        return 0;
    }

    private async Task<bool> RemoveSectionAsync(string kind, CancellationToken cancel)
    {
        var section = $"{kind}.{GitInstall.Driver}";
        if (await git.AskAsync(cancel, "config", "--local", "--remove-section", section) is null)
        {
            return false;
        }

        await output.WriteLineAsync($"removed the section {section} from the configuration");
        return true;
    }

    /// <summary>The texts that git kept where diff.*.cachetextconv was set.</summary>
    private async Task<bool> RemoveCacheAsync(CancellationToken cancel)
    {
        if (await git.AskAsync(cancel, "rev-parse", "--verify", "--quiet", CachedText) is null || await git.AskAsync(cancel, "update-ref", "-d", CachedText) is null)
        {
            return false;
        }

        await output.WriteLineAsync($"removed {CachedText}, the texts of notebooks that git kept");
        return true;
    }

    private static async Task<bool> HasLineAsync(string file, CancellationToken cancel) =>
        File.Exists(file) && (await File.ReadAllTextAsync(file, cancel)).Split('\n').Any(IsOurs);

    private async Task<bool> RemoveLineAsync(string file, CancellationToken cancel)
    {
        if (!await HasLineAsync(file, cancel))
        {
            return false;
        }

        var rest = string.Join('\n', (await File.ReadAllTextAsync(file, cancel)).Split('\n').Where(line => !IsOurs(line)));
        if (rest.Length == 0)
        {
            File.Delete(file);
        }
        else
        {
            await WholeFile.WriteAsync(new FileInfo(file), Encoding.UTF8.GetBytes(rest), cancel);
        }

        await output.WriteLineAsync($"removed {GitInstall.Line} from {file}");
        return true;
    }

    private static bool IsOurs(string line) => line.Trim() == GitInstall.Line;
}
