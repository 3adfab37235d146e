namespace Squero.Server;

/// <summary>Sets up a person's own repository so that git compares and merges notebooks with this program.</summary>
/// <param name="folder">The repository, or a folder in it.</param>
/// <param name="door">How a shell calls this program from anywhere.</param>
/// <param name="output">Told what was done.</param>
/// <param name="errors">Told why nothing was.</param>
internal sealed class GitInstall(string folder, string door, TextWriter output, TextWriter errors)
{
    /// <summary>What the sections of git's configuration are called.</summary>
    public const string Driver = "squero-notebook";

    /// <summary>The line of an attributes file.</summary>
    public const string Line = $"*.ipynb diff={Driver} merge={Driver}";
    private readonly OwnGit git = new(folder);

    /// <summary>0; 1 when the folder is in no repository.</summary>
    public async Task<int> RunAsync(bool tracked, CancellationToken cancel)
    {
        if (await git.AskAsync(cancel, "rev-parse", "--git-dir") is null)
        {
            await errors.WriteLineAsync($"{git.Folder} is in no git repository; go to one and call this again.");
            return 1;
        }

        var changed = false;
        foreach (var (key, value) in new[]
        {
            ($"diff.{Driver}.command", $"{door} notebook git-diff"),
            ($"diff.{Driver}.textconv", $"{door} notebook git-text"),
            ($"merge.{Driver}.name", "Squero, cell by cell"),
            ($"merge.{Driver}.driver", $"{door.Replace("%", "%%", StringComparison.Ordinal)} notebook merge %O %A %B -o %A --path %P --marker-size %L --ours-name %X --theirs-name %Y"),
        })
        {
            changed |= await SetAsync(key, value, cancel);
        }

        var attributes = tracked ? await git.TrackedAttributesAsync(cancel) : await git.OwnAttributesAsync(cancel);
        if (attributes is null)
        {
            await errors.WriteLineAsync(tracked
                ? "This repository has no working tree to put .gitattributes in; call this without --tracked."
                : "This git is too old to say where its attributes are; 2.31 or newer is needed.");
            return 1;
        }

        changed |= await AddLineAsync(attributes, cancel);
        await output.WriteLineAsync(changed ? "git diff, log -p, merge and rebase now take notebooks cell by cell in this repository." : "Nothing to do: this repository is set up already.");
        return 0;
    }

    private async Task<bool> SetAsync(string key, string value, CancellationToken cancel)
    {
        if (await git.AskAsync(cancel, "config", "--local", "--get", key) == value)
        {
            return false;
        }

        if (await git.AskAsync(cancel, "config", "--local", "--replace-all", key, value) is null)
        {
            throw new IOException($"git could not set {key}.");
        }

        await output.WriteLineAsync($"set   {key} = {value}");
        return true;
    }

    private async Task<bool> AddLineAsync(string file, CancellationToken cancel)
    {
        var there = File.Exists(file) ? await File.ReadAllTextAsync(file, cancel) : "";
        if (there.Split('\n').Any(line => line.Trim() == Line))
        {
            return false;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var lead = there.Length == 0 || there.EndsWith('\n') ? there : there + "\n";
        await WholeFile.WriteAsync(new FileInfo(file), System.Text.Encoding.UTF8.GetBytes(lead + Line + "\n"), cancel);
        await output.WriteLineAsync($"added {Line} to {file}");
        return true;
    }
}
