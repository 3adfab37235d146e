using System.Diagnostics;

namespace Squero.Server;

/// <summary>A person's own git, in their own repository.</summary>
internal sealed class OwnGit(string folder)
{
    public string Folder => folder;

    /// <summary>What git printed, or null when it failed.</summary>
    public async Task<string?> AskAsync(CancellationToken cancel, params string[] arguments)
    {
        using var process = Start(arguments);
        var printed = process.StandardOutput.ReadToEndAsync(cancel);
        var complaints = process.StandardError.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        await complaints;
        return process.ExitCode == 0 ? (await printed).TrimEnd('\n') : null;
    }

    /// <summary>The attributes file that everybody shares; null without a working tree.</summary>
    public async Task<string?> TrackedAttributesAsync(CancellationToken cancel) =>
        await AskAsync(cancel, "rev-parse", "--show-toplevel") is { Length: > 0 } top ? Path.Combine(top, ".gitattributes") : null;

    /// <summary>The attributes file of this repository alone; null when git is older than 2.31.</summary>
    public Task<string?> OwnAttributesAsync(CancellationToken cancel) => AskAsync(cancel, "rev-parse", "--path-format=absolute", "--git-path", "info/attributes");

    private Process Start(string[] arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw new IOException($"git could not be started: {error.Message}");
        }
    }
}
