using System.Text;
using Squero.Kernel;

namespace Squero.Server;

/// <summary>The author's work tree and the pushes from it, by the real git client over HTTP.</summary>
internal sealed class StoryRepository(DemoPerson author, ServerAddress address, string folder)
{
    public const string Branch = "crossed-features";

    public async Task PushMainAsync(int seed, CancellationToken cancel)
    {
        await GitAsync(["init", "--quiet", "--initial-branch=main"], cancel);
        await StoryFiles.WriteAsync("main", folder, cancel);
        if (seed != StoryFiles.DefaultSeed)
        {
            await StoryFiles.SeedAsync(folder, seed, cancel);
        }

        await CommitAsync("Add the churn model, its data and a notebook", ["."], cancel);
        await GitAsync(["push", "--quiet", address.Link("/demo/churn.git"), "main"], cancel);
    }

    public async Task PushBranchAsync(string title, CancellationToken cancel)
    {
        await GitAsync(["switch", "--quiet", "--create", Branch], cancel);
        await StoryFiles.WriteAsync("change", folder, cancel);
        const string why =
            "Let a column's effect depend on another\n\nCalls mean little to somebody who is bound for two years. A sum cannot say that; products and "
            + "logarithms\ncan. They are part of the ONNX graph, so callers still send the columns of the csv.";
        await CommitAsync(why, [".", ":!analysis.ipynb"], cancel);
        await CommitAsync("Show why products help", ["."], cancel);
        string[] options = ["merge_request.create", "merge_request.target=main", "merge_request.title=" + title];
        await GitAsync(["push", "--quiet", .. options.SelectMany(option => new[] { "-o", option }), address.Link("/demo/churn.git"), Branch], cancel);
    }

    /// <summary>Starts over in an empty folder with what the server has: for a story that goes on after an interruption.</summary>
    public async Task CloneAsync(CancellationToken cancel) =>
        await GitAsync(["clone", "--quiet", address.Link("/demo/churn.git"), "."], cancel);

    private async Task CommitAsync(string message, IReadOnlyList<string> paths, CancellationToken cancel)
    {
        await GitAsync(["add", "--", .. paths], cancel);
        await GitAsync(["commit", "--quiet", "-m", message], cancel);
    }

    private Task<string> GitAsync(IReadOnlyList<string> arguments, CancellationToken cancel)
    {
        // The token travels in the environment: command lines are for everybody to see.
        var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{author.Username}:{author.Token}"));
        return StoryProcess.RunAsync(
            "git",
            arguments,
            folder,
            new Dictionary<string, string>
            {
                ["GIT_CONFIG_COUNT"] = "2",
                ["GIT_CONFIG_KEY_0"] = "http.extraHeader",
                ["GIT_CONFIG_VALUE_0"] = $"Authorization: Basic {basic}",
                ["GIT_CONFIG_KEY_1"] = "commit.gpgSign",
                ["GIT_CONFIG_VALUE_1"] = "false",
                ["GIT_TERMINAL_PROMPT"] = "0",
                ["GIT_AUTHOR_NAME"] = author.Username,
                ["GIT_AUTHOR_EMAIL"] = $"{author.Username}@users.invalid",
                ["GIT_COMMITTER_NAME"] = author.Username,
                ["GIT_COMMITTER_EMAIL"] = $"{author.Username}@users.invalid",
                ["LC_ALL"] = "C",
            },
            cancel);
    }
}
