using System.CommandLine;

namespace Squero.Server;

/// <summary><c>squero demo</c>: a server, and on a new data folder the main job played through on it.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var arguments = new ServeArguments();
        var seed = new Option<int>("--seed") { Description = "Make the demo's data with this seed.", DefaultValueFactory = _ => StoryFiles.DefaultSeed };
        var command = new Command("demo", "Serve, and play the main job: push, review, train, choose, merge, serve.");
        var until = new Option<int>("--until") { Description = "Stop the story after this step (1 to 9), to play on by hand.", DefaultValueFactory = _ => 9 };
        until.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<int>() is < 1 or > 9)
            {
                given.AddError("--until takes the number of a step, 1 to 9.");
            }
        });
        arguments.AddTo(command);
        command.Options.Add(seed);
        command.Options.Add(until);
        command.SetAction((parsed, cancel) => RunAsync(arguments.Read(parsed), parsed.GetValue(seed), parsed.GetValue(until), cancel));
        return command;
    }

    private static async Task<int> RunAsync(ServeOptions options, int seed, int until, CancellationToken cancel)
    {
        var folder = new Kernel.DataFolder(options.DataFolder);
        if (File.Exists(folder.File(DemoResult.FileName)))
        {
            Console.WriteLine($"The demo has been played in {folder.Root} already: this only starts the server. Its addresses are in {folder.File(DemoResult.FileName)}.");
            return await ServeCommand.RunAsync(options, cancel);
        }

        // Built first: it holds the folder, so that nobody else's is written to.
        await using var app = await ServerHost.BuildAsync(options, null, cancel);
        var cast = await DemoCast.GatherAsync(folder, options.Database, seed, cancel);
        await ServerHost.StartAsync(app, cancel);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel, app.Lifetime.ApplicationStopping);
        var told = await TellAsync(new DemoStory(cast, folder, options.Address(), until, Console.Out), stop.Token);
        var stopped = stop.IsCancellationRequested;
        if (!told && !stopped)
        {
            Console.WriteLine("The server keeps running, so that you can look. Ctrl+C ends it.");
        }

        await app.WaitForShutdownAsync(CancellationToken.None);

        // Who ends it in the middle of the story gets what was asked for; a story that failed is a failure.
        return told || stopped ? 0 : 1;
    }

    private static async Task<bool> TellAsync(DemoStory story, CancellationToken cancel)
    {
        try
        {
            await story.TellAsync(cancel);
            return true;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            Console.WriteLine("\nStopped in the middle of the story. Run the same command again: it goes on where it was.");
        }
        catch (StoryFailed failure)
        {
            await Console.Error.WriteLineAsync($"\nThe story stopped: {failure.Message}");
        }
        catch (HttpRequestException failure)
        {
            await Console.Error.WriteLineAsync($"\nThe story stopped: {failure.Message}");
        }

        return false;
    }
}
