using System.Text;
using Squero.RunnerProtocol;

namespace Squero.Runner;

/// <summary>What is done for a job, in order: sources, dependencies, script, after_script, artifacts.</summary>
internal sealed class JobStages(
    JobPayload job, JobFolder folder, JobVariables variables, TraceLog log, JobStop stop, RunnerOptions options, ServerConnection server, Confinement confinement)
{
    private readonly JobProcess process = new(confinement, folder);

    public async Task<JobEnding> RunAsync(TimeSpan timeout)
    {
        JobEnding ending;
        try
        {
            Introduce();
            await PrepareAsync().ConfigureAwait(false);
            ending = await RunScriptAsync().ConfigureAwait(false);
        }
        catch (StageFailure failure)
        {
            ending = failure.Ending;
        }
        catch (ConfinementFailure failure)
        {
            ending = JobEnding.Failed(FailureReasons.RunnerSystem, failure.Message);
        }
        catch (OperationCanceledException) when (stop.Cause != StopCause.None)
        {
            ending = JobEnding.Stopped(stop.Cause, timeout);
        }

        if (stop.Cause != StopCause.None)
        {
            ending = JobEnding.Stopped(stop.Cause, timeout);
        }

        return await FinishAsync(ending, timeout).ConfigureAwait(false);
    }

    private void Introduce()
    {
        log.Line($"Running with squero-runner {RunnerSelf.Version} on {Environment.MachineName}");
        if (confinement.Obstacle is { } obstacle)
        {
            throw new StageFailure(
                FailureReasons.RunnerConfiguration,
                $"this runner cannot isolate jobs, so it refuses them. {obstacle} See docs/operations/runners.md for what to install or allow.");
        }

        if (confinement.Mode == ConfinementMode.None)
        {
            log.Warning("this runner does not isolate jobs: this job can read whatever the runner's user can.");
        }
    }

    private async Task PrepareAsync()
    {
        await InSectionAsync("get_sources", "Getting source from Git repository", async () =>
        {
            var text = SourcesScript.Compose(job.GitInfo, variables, folder.InsideProject)
                ?? throw new StageFailure(FailureReasons.RunnerSystem, "the server's git_info has an address, commit or refspec that is not acceptable");
            var code = await RunTextAsync("get_sources.sh", text, log.Append, stop.Script).ConfigureAwait(false);
            if (code != 0 && stop.Cause == StopCause.None)
            {
                throw new StageFailure(FailureReasons.RunnerExternalDependency, $"the sources could not be fetched (git ended with {code})");
            }
        }).ConfigureAwait(false);
        var wanted = (job.Dependencies ?? []).Where(dependency => !string.IsNullOrEmpty(dependency.ArtifactsFile?.Filename)).ToList();
        if (wanted.Count > 0 && stop.Cause == StopCause.None)
        {
            var download = new DependencyDownload(server, folder, log, options);
            await InSectionAsync("download_artifacts", "Downloading artifacts", () => download.RunAsync(wanted, stop.Script)).ConfigureAwait(false);
        }
    }

    private async Task<JobEnding> RunScriptAsync()
    {
        var ending = JobEnding.Success;
        await InSectionAsync("step_script", "Executing \"step_script\" stage of the job script", async () =>
        {
            foreach (var step in job.Steps.Where(step => step.Name != JobStep.AfterScript && step.Commands.Count > 0))
            {
                var text = ShellText.Compose(variables, folder.InsideProject, step.Commands);
                var code = ending.IsSuccess && stop.Cause == StopCause.None
                    ? await RunTextAsync("step_script.sh", text, log.Append, stop.Script).ConfigureAwait(false)
                    : 0;
                ending = code == 0 ? ending : JobEnding.ScriptFailed(code);
            }
        }).ConfigureAwait(false);
        return ending;
    }

    /// <summary>What follows success, failure and cancel alike. A failed upload makes a success a failure.</summary>
    private async Task<JobEnding> FinishAsync(JobEnding ending, TimeSpan timeout)
    {
        if (stop.Cause >= StopCause.Interrupted || confinement.Obstacle is not null)
        {
            return ending;
        }

        try
        {
            await RunAfterScriptAsync(ending).ConfigureAwait(false);
            var uploads = new ArtifactUploads(server, job, folder, variables, log, options, ListUntrackedAsync);
            var found = uploads.Wanted(ending.IsSuccess);
            if (found.Count > 0)
            {
                var name = ending.IsSuccess ? "upload_artifacts_on_success" : "upload_artifacts_on_failure";
                await InSectionAsync(name, "Uploading artifacts", () => uploads.RunAsync(found, stop.Everything)).ConfigureAwait(false);
            }
        }
        catch (StageFailure failure)
        {
            log.Error(failure.Message);
            ending = ending.IsSuccess ? failure.Ending : ending;
        }
        catch (OperationCanceledException) when (stop.Cause >= StopCause.Interrupted)
        {
            // The ending below says so.
        }

        return stop.Cause >= StopCause.Canceled ? JobEnding.Stopped(stop.Cause, timeout) : ending;
    }

    private async Task RunAfterScriptAsync(JobEnding ending)
    {
        var step = job.Steps.FirstOrDefault(step => step.Name == JobStep.AfterScript && step.Commands.Count > 0);
        if (step is null || stop.Cause == StopCause.Timeout)
        {
            return;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop.Everything);
        limit.CancelAfter(options.AfterScriptTimeout);
        var status = stop.Cause == StopCause.Canceled ? JobStates.Canceled : ending.State;
        await InSectionAsync("after_script", "Running after_script", async () =>
        {
            var text = $"export CI_JOB_STATUS={status}\n" + ShellText.Compose(variables, folder.InsideProject, step.Commands);
            var code = await RunTextAsync("after_script.sh", text, log.Append, limit.Token).ConfigureAwait(false);
            if (code != 0)
            {
                log.Warning($"after_script failed with code {code}, but the job goes on unaffected");
            }
        }).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<string>> ListUntrackedAsync(CancellationToken cancel)
    {
        using var names = new MemoryStream();
        void Keep(ReadOnlySpan<byte> bytes)
        {
            if (names.Length < 64 * 1024 * 1024)
            {
                names.Write(bytes);
            }
        }

        var text = $"cd {ShellText.Quote(folder.InsideProject)} && exec git -c core.fsmonitor=false ls-files -z --others\n";
        await RunTextAsync("list_untracked.sh", text, Keep, cancel).ConfigureAwait(false);
        return Encoding.UTF8.GetString(names.GetBuffer(), 0, (int)names.Length).Split('\0', StringSplitOptions.RemoveEmptyEntries);
    }

    private async Task InSectionAsync(string name, string heading, Func<Task> stage)
    {
        log.BeginSection(name);
        log.Heading(heading);
        try
        {
            await stage().ConfigureAwait(false);
        }
        finally
        {
            log.EndSection(name);
        }
    }

    private delegate void Output(ReadOnlySpan<byte> bytes);

    private async Task<int> RunTextAsync(string name, string text, Output output, CancellationToken cancel)
    {
        await folder.WriteScriptAsync(name, text, cancel).ConfigureAwait(false);
        return await process.RunAsync(name, bytes => Pass(bytes, output), cancel).ConfigureAwait(false);
    }

    private static ValueTask Pass(ReadOnlyMemory<byte> bytes, Output output)
    {
        output(bytes.Span);
        return ValueTask.CompletedTask;
    }
}
