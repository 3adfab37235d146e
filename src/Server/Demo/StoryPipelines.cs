using System.Text.Json;

namespace Squero.Server;

/// <summary>Waits for pipelines as a person does, looking at the jobs, and tells when one of them changes.</summary>
internal sealed class StoryPipelines(StoryClient client, TextWriter output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(400);

    /// <summary>The first pipeline of a branch, as soon as there is one: merging makes another on main, which a resumed story must not wait for.</summary>
    public async Task<long> OfBranchAsync(string branch, CancellationToken cancel)
    {
        for (var tries = 0; tries < 100; tries++)
        {
            var pipelines = await client.GetAsync($"/api/v4/projects/{DemoStory.ProjectId}/pipelines?ref={branch}&sort=asc", cancel);
            if (pipelines.GetArrayLength() > 0)
            {
                return pipelines[0].GetProperty("id").GetInt64();
            }

            await Task.Delay(Interval, cancel);
        }

        throw new StoryFailed($"No pipeline was made for the push to {branch}.");
    }

    /// <summary>Returns when the pipeline has succeeded; tells the reason when it has not.</summary>
    public async Task FollowAsync(long pipeline, CancellationToken cancel)
    {
        var told = new Dictionary<long, string>();
        var deadline = TimeProvider.System.GetUtcNow() + Patience;
        while (TimeProvider.System.GetUtcNow() < deadline)
        {
            var jobs = await client.GetAsync($"/api/v4/projects/{DemoStory.ProjectId}/pipelines/{pipeline}/jobs?per_page=100", cancel);
            Tell(jobs, told);
            var state = (await client.GetAsync($"/api/v4/projects/{DemoStory.ProjectId}/pipelines/{pipeline}", cancel)).GetProperty("status").GetString();
            if (state == "success")
            {
                return;
            }

            if (state is "failed" or "canceled" or "skipped")
            {
                throw new StoryFailed($"Pipeline {pipeline} is {state}. Its page tells which job and why; a job can be retried there, and the story goes on when you run the same command again.");
            }

            await Task.Delay(Interval, cancel);
        }

        throw new StoryFailed($"Pipeline {pipeline} has not finished in {Patience.TotalMinutes:0} minutes.");
    }

    private void Tell(JsonElement jobs, Dictionary<long, string> told)
    {
        foreach (var job in jobs.EnumerateArray().Reverse())
        {
            var id = job.GetProperty("id").GetInt64();
            var state = job.GetProperty("status").GetString()!;
            if (state is "created" or "pending" || told.GetValueOrDefault(id) == state)
            {
                continue;
            }

            told[id] = state;
            var took = job.TryGetProperty("duration", out var seconds) && seconds.ValueKind == JsonValueKind.Number && state != "running"
                ? $" after {seconds.GetDouble():0.0} s"
                : "";
            output.WriteLine($"     {job.GetProperty("name").GetString(),-26} {state}{took}");
        }
    }
}
