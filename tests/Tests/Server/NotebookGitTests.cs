using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Squero.Notebooks;
using Squero.Server;
using Squero.Tests.Notebooks;

namespace Squero.Tests.Server;

/// <summary>The git on this machine, set up by <c>squero notebook git-install</c>, in repositories of its own.</summary>
public sealed class NotebookGitTests : IDisposable
{
    private static readonly JsonObject Load = Made.Code("rows = load('churn.csv')", "load");
    private static readonly JsonObject Fit = Made.Code("model = fit(rows)\nscore(model)", "fit", Made.Printed("0.8\n"));
    private static readonly string Program = $"'{Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet"}' '{Path.Combine(AppContext.BaseDirectory, "squero.dll")}'";

    private readonly string _folder = Directory.CreateTempSubdirectory("squero-git-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Installing_tells_what_it_did_and_a_second_time_does_nothing()
    {
        await BeginAsync();
        Directory.CreateDirectory(Path.Combine(_folder, "deep/down"));

        var first = await InstallAsync(Path.Combine(_folder, "deep/down"));
        var attributes = await File.ReadAllTextAsync(Path.Combine(_folder, ".git/info/attributes"));
        var config = await File.ReadAllTextAsync(Path.Combine(_folder, ".git/config"));

        Assert.Contains("merge.squero-notebook.driver", first, StringComparison.Ordinal);
        Assert.Contains("git diff, log -p, merge and rebase now take notebooks cell by cell", first, StringComparison.Ordinal);
        Assert.Equal("*.ipynb diff=squero-notebook merge=squero-notebook\n", attributes);
        Assert.Equal("Nothing to do: this repository is set up already.\n", await InstallAsync(_folder));
        Assert.Equal(attributes, await File.ReadAllTextAsync(Path.Combine(_folder, ".git/info/attributes")));
        Assert.Equal(config, await File.ReadAllTextAsync(Path.Combine(_folder, ".git/config")));
        Assert.False(File.Exists(Path.Combine(_folder, ".gitattributes")));
    }

    [Fact]
    public async Task Outside_a_repository_nothing_is_installed()
    {
        using var errors = new StringWriter();

        Assert.Equal(1, await new GitInstall(_folder, Program, TextWriter.Null, errors).RunAsync(tracked: false, CancellationToken.None));
        Assert.Contains("is in no git repository", errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tracked_line_stands_beside_what_the_file_says_already()
    {
        await BeginAsync();
        await File.WriteAllTextAsync(Path.Combine(_folder, ".gitattributes"), "*.png binary");

        await new GitInstall(_folder, Program, TextWriter.Null, TextWriter.Null).RunAsync(tracked: true, CancellationToken.None);

        Assert.Equal("*.png binary\n*.ipynb diff=squero-notebook merge=squero-notebook\n", await File.ReadAllTextAsync(Path.Combine(_folder, ".gitattributes")));
    }

    [Fact]
    public async Task Git_merges_both_sides_edits_and_runs_without_a_conflict()
    {
        await BeginAsync();
        await InstallAsync(_folder);
        await BranchesAsync(
            [Load, Made.Code("model = fit(rows, folds=5)\nscore(model)", "fit", Made.Printed("0.9\n"))],
            [Made.Code("rows = load('churn.csv', header=1)", "load"), Fit, Made.Prose("The end", "end")]);

        Assert.Equal(0, (await GitAsync("merge", "-q", "theirs", "-m", "Merge")).Code);

        var merged = Notebook.Parse(await File.ReadAllBytesAsync(File_));
        Assert.Equal(["rows = load('churn.csv', header=1)", "model = fit(rows, folds=5)\nscore(model)", "The end"], merged.Cells.Select(cell => cell.Source));
        Assert.Equal("0.9\n", merged.Cells[1].Outputs[0].Text());
    }

    [Fact]
    public async Task A_conflict_stops_git_with_a_valid_notebook_in_which_it_is_marked()
    {
        await BeginAsync();
        await InstallAsync(_folder);
        await BranchesAsync([Load, Made.Code("model = fit(rows, folds=5)", "fit")], [Load, Made.Code("model = fit(rows, folds=9)", "fit")]);

        var (code, output) = await GitAsync("merge", "theirs", "-m", "Merge");

        Assert.Equal(1, code);
        Assert.Contains("a b.ipynb: Cell 2: ", output, StringComparison.Ordinal);
        Assert.Contains("CONFLICT (content)", output, StringComparison.Ordinal);
        var written = await File.ReadAllBytesAsync(File_);
        Assert.Null(MergeCheck.Objection(written));
        Assert.Matches("^<<<<<<< .+\nmodel = fit\\(rows, folds=5\\)\n=======\nmodel = fit\\(rows, folds=9\\)\n>>>>>>> .+$", Notebook.Parse(written).Cells[1].Source);
        Assert.Contains("UU", (await GitAsync("status", "--porcelain")).Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.GetFiles(_folder), file => Path.GetFileName(file).StartsWith(".merge_file", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Rebase_and_cherry_pick_use_it_and_so_does_another_worktree()
    {
        await BeginAsync();
        await InstallAsync(_folder);
        await BranchesAsync([Load, Made.Code("model = fit(rows, folds=5)\nscore(model)", "fit")], [Made.Code("rows = load('churn.csv', header=1)", "load"), Fit]);
        string[] merged = ["rows = load('churn.csv', header=1)", "model = fit(rows, folds=5)\nscore(model)"];
        Assert.Equal(0, (await GitAsync("cherry-pick", "-n", "theirs")).Code);
        Assert.Equal(merged, Notebook.Parse(await File.ReadAllBytesAsync(File_)).Cells.Select(cell => cell.Source));
        await GitAsync("reset", "-q", "--hard");

        var elsewhere = _folder + "-worktree";
        try
        {
            Assert.Equal(0, (await GitAsync("worktree", "add", "-q", elsewhere, "theirs")).Code);
            Assert.Equal(0, (await RunAsync(elsewhere, "rebase", "-q", "main")).Code);
            Assert.Equal(merged, Notebook.Parse(await File.ReadAllBytesAsync(Path.Combine(elsewhere, "reports", "a b.ipynb"))).Cells.Select(cell => cell.Source));
        }
        finally
        {
            Directory.Delete(elsewhere, recursive: true);
        }
    }

    [Fact]
    public async Task A_side_that_is_no_notebook_leaves_ours_and_says_so()
    {
        await BeginAsync();
        await InstallAsync(_folder);
        await BranchesAsync([Load], [Load, Fit], "no notebook\n");
        var ours = await File.ReadAllBytesAsync(File_);

        var (code, output) = await GitAsync("merge", "theirs", "-m", "Merge");

        Assert.Equal(1, code);
        Assert.Contains("is not a notebook: it does not begin with a JSON object. The file of ", output, StringComparison.Ordinal);
        Assert.Equal(ours, await File.ReadAllBytesAsync(File_));
    }

    [Fact]
    public async Task Diff_shows_cells_and_log_shows_Markdown_plain_in_a_pipe_and_coloured_in_a_pager()
    {
        await BeginAsync();
        await InstallAsync(_folder);
        await WriteAsync([Load, Made.Code("model = fit(rows, folds=5)\nscore(model)", "fit", Made.Printed("\e[2J0.9\n"))]);

        var diff = (await GitAsync("diff")).Output;
        Assert.Contains("notebook reports/a b.ipynb\n", diff, StringComparison.Ordinal);
        Assert.Contains("@@ cell 2 code edited @@\n- model = fit(rows)\n+ model = fit(rows, folds=5)\n  output 1 changed: text/plain\n", diff, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', diff);

        var paged = (await RunAsync(_folder, new Dictionary<string, string> { ["GIT_PAGER_IN_USE"] = "true" }, "diff")).Output;
        Assert.Contains("\e[32m+ model = fit(rows, folds=5)\e[m\n", paged, StringComparison.Ordinal);

        await GitAsync("commit", "-qam", "Fold");
        var log = (await GitAsync("log", "-p", "-1")).Output;
        Assert.Contains("-model = fit(rows)\n+model = fit(rows, folds=5)\n", log, StringComparison.Ordinal);
        Assert.DoesNotContain("cell_type", log, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', log);
    }

    [Fact]
    public async Task A_broken_notebook_in_the_history_does_not_stop_git()
    {
        await BeginAsync();
        await InstallAsync(_folder);
        await File.WriteAllTextAsync(File_, "no notebook\n");

        Assert.Contains("+ no notebook", (await GitAsync("diff")).Output, StringComparison.Ordinal);
        await GitAsync("commit", "-qam", "Break");
        var (code, log) = await GitAsync("log", "-p");
        Assert.Equal(0, code);
        Assert.Contains("+no notebook", log, StringComparison.Ordinal);
    }

    private string File_ => Path.Combine(_folder, "reports", "a b.ipynb");

    private async Task BeginAsync()
    {
        await GitAsync("init", "-q", "-b", "main", ".");
        await GitAsync("config", "user.name", "Ada");
        await GitAsync("config", "user.email", "ada@example.org");
        await WriteAsync([Load, Fit]);
        await GitAsync("add", ".");
        await GitAsync("commit", "-qm", "Begin");
    }

    private async Task BranchesAsync(JsonObject[] ours, JsonObject[] theirs, string? theirText = null)
    {
        await GitAsync("checkout", "-q", "-b", "theirs");
        await WriteAsync(theirs);
        if (theirText is not null)
        {
            await File.WriteAllTextAsync(File_, theirText);
        }

        await GitAsync("commit", "-qam", "Theirs");
        await GitAsync("checkout", "-q", "main");
        await WriteAsync(ours);
        await GitAsync("commit", "-qam", "Ours");
    }

    private async Task WriteAsync(JsonObject[] cells)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File_)!);
        await File.WriteAllBytesAsync(File_, Made.Bytes(cells));
    }

    private static async Task<string> InstallAsync(string folder)
    {
        using var output = new StringWriter();
        Assert.Equal(0, await new GitInstall(folder, Program, output, TextWriter.Null).RunAsync(tracked: false, CancellationToken.None));
        return output.ToString();
    }

    private Task<(int Code, string Output)> GitAsync(params string[] arguments) => RunAsync(_folder, arguments);

    private static Task<(int Code, string Output)> RunAsync(string folder, params string[] arguments) => RunAsync(folder, new Dictionary<string, string>(), arguments);

    private static async Task<(int Code, string Output)> RunAsync(string folder, Dictionary<string, string> environment, params string[] arguments)
    {
        var program = "git";
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, StandardOutputEncoding = Encoding.UTF8 };
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment.Remove("NO_COLOR");
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }
}
