using System.Diagnostics;
using Squero.Server;

namespace Squero.Tests.Server;

/// <summary><c>squero notebook git-install --remove</c> takes away what git-install wrote, and nothing else.</summary>
public sealed class NotebookGitRemoveTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("squero-git-").FullName;

    private string Own => Path.Combine(_folder, ".git/info/attributes");

    private string Shared => Path.Combine(_folder, ".gitattributes");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(null)]
    [InlineData("*.png binary\n")]
    [InlineData("*.png binary\r\n*.csv text\r\n")]
    public async Task What_was_installed_is_gone_and_what_was_there_before_is_left(string? before)
    {
        await GitAsync("init", "-q");
        await GitAsync("config", "diff.other.command", "mine");
        if (before is not null)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Own)!);
            await File.WriteAllTextAsync(Own, before);
        }

        var config = await ConfigAsync();
        await InstallAsync(tracked: false);
        Assert.NotEqual(config, await ConfigAsync());

        var told = await RemoveAsync(tracked: false);

        Assert.Contains("removed the section diff.squero-notebook", told, StringComparison.Ordinal);
        Assert.Contains("removed the section merge.squero-notebook", told, StringComparison.Ordinal);
        Assert.Contains($"removed *.ipynb diff=squero-notebook merge=squero-notebook from {Own}", told, StringComparison.Ordinal);
        Assert.Contains("as any other text again", told, StringComparison.Ordinal);
        Assert.Equal(config, await ConfigAsync());
        Assert.Equal(before, File.Exists(Own) ? await File.ReadAllTextAsync(Own) : null);
        Assert.Equal("Nothing to do: this repository is not set up.\n", await RemoveAsync(tracked: false));
    }

    [Fact]
    public async Task The_line_that_others_have_too_is_named_and_goes_when_that_is_asked_for()
    {
        await GitAsync("init", "-q");
        await File.WriteAllTextAsync(Shared, "*.png binary\n");
        await InstallAsync(tracked: true);

        Assert.Contains($"{Shared} still names squero-notebook", await RemoveAsync(tracked: false), StringComparison.Ordinal);
        Assert.Contains("squero-notebook", await File.ReadAllTextAsync(Shared), StringComparison.Ordinal);

        Assert.Contains($"from {Shared}", await RemoveAsync(tracked: true), StringComparison.Ordinal);
        Assert.Equal("*.png binary\n", await File.ReadAllTextAsync(Shared));
    }

    [Fact]
    public async Task Installing_after_removing_is_as_it_was()
    {
        await GitAsync("init", "-q");
        await InstallAsync(tracked: false);
        var (config, line) = (await ConfigAsync(), await File.ReadAllTextAsync(Own));
        await RemoveAsync(tracked: false);
        await InstallAsync(tracked: false);

        Assert.Equal(config, await ConfigAsync());
        Assert.Equal(line, await File.ReadAllTextAsync(Own));
    }

    [Fact]
    public async Task Texts_that_git_kept_go_too()
    {
        await GitAsync("init", "-q");
        await GitAsync("-c", "user.name=A", "-c", "user.email=a@b.c", "commit", "-q", "--allow-empty", "-m", "x");
        await GitAsync("update-ref", "refs/notes/textconv/squero-notebook", "HEAD");
        await InstallAsync(tracked: false);

        Assert.Contains("removed refs/notes/textconv/squero-notebook", await RemoveAsync(tracked: false), StringComparison.Ordinal);
        Assert.DoesNotContain("textconv", await GitAsync("for-each-ref"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Outside_a_repository_nothing_is_removed()
    {
        using var errors = new StringWriter();

        Assert.Equal(1, await new GitRemove(_folder, TextWriter.Null, errors).RunAsync(tracked: true, CancellationToken.None));
        Assert.Contains("is in no git repository", errors.ToString(), StringComparison.Ordinal);
    }

    private async Task InstallAsync(bool tracked) => Assert.Equal(0, await new GitInstall(_folder, "squero", TextWriter.Null, TextWriter.Null).RunAsync(tracked, CancellationToken.None));

    private async Task<string> RemoveAsync(bool tracked)
    {
        using var output = new StringWriter();
        Assert.Equal(0, await new GitRemove(_folder, output, TextWriter.Null).RunAsync(tracked, CancellationToken.None));
        return output.ToString();
    }

    private Task<string> ConfigAsync() => GitAsync("config", "--local", "--list");

    private async Task<string> GitAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = _folder, RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
