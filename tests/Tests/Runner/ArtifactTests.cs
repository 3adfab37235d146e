using System.IO.Compression;
using System.Text;
using Squero.RunnerProtocol;

namespace Squero.Tests.Runner;

public sealed class ArtifactTests
{
    [Fact]
    public async Task Artifacts_of_one_job_are_there_for_the_next()
    {
        await using var fixture = await RunnerFixture.StartAsync();
        var (_, made) = await fixture.RunAsync(Payloads.Job(
            fixture.Peer, "mkdir -p out/deep", "echo model > out/deep/m.onnx", "echo run > out/tool; chmod 755 out/tool", "echo no > out/x.tmp", "ln -s deep/m.onnx out/latest", "mkfifo out/pipe", "ln -s /etc/passwd out/leak") with
        {
            Artifacts = [new JobArtifact { Name = "model", Paths = ["out/"], Exclude = ["out/*.tmp"], ExpireIn = "2 weeks", ArtifactType = ArtifactTypes.Archive, ArtifactFormat = ArtifactFormats.Zip }],
        });
        var upload = Assert.Single(made.Uploads);
        Assert.Equal(("archive", "zip", "model.zip"), (upload.Type, upload.Format, upload.FileName));
        Assert.Equal(["out/deep/m.onnx", "out/latest", "out/leak", "out/tool"], Names(upload.Bytes));

        made.Archive = Without(upload.Bytes, "out/leak");
        var (end, used) = await fixture.RunAsync(Depends(Payloads.Job(fixture.Peer, "cat out/latest", "test -x out/tool", "test ! -x out/deep/m.onnx", "echo more >> out/deep/m.onnx"), made));
        Assert.Equal(JobStates.Success, end.State);
        Assert.Contains("\nmodel\n", used.Trace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_in_the_artifacts_never_brings_what_it_points_to()
    {
        await using var fixture = await RunnerFixture.StartAsync();
        var (_, job) = await fixture.RunAsync(Payloads.Job(fixture.Peer, $"mkdir out; ln -s {fixture.Data} out/data; ln -s {fixture.Data}/inner/secret out/secret; ln -s {fixture.Data} linked; echo x > out/x") with
        {
            Artifacts =
            [
                new JobArtifact { Paths = ["out", "linked/**", $"{fixture.Data}/**", "../**"], ArtifactType = ArtifactTypes.Archive, ArtifactFormat = ArtifactFormats.Zip },
                new JobArtifact { Name = "junit.xml", Paths = ["out/*"], When = ArtifactOccasions.Always, ArtifactType = ArtifactTypes.Junit, ArtifactFormat = ArtifactFormats.Gzip },
            ],
        });
        Assert.Equal(["out/data", "out/secret", "out/x"], Names(job.Uploads[0].Bytes));
        Assert.DoesNotContain("jewels", Encoding.UTF8.GetString(Inflate(job.Uploads[1].Bytes)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reports_come_after_a_failure_and_archives_as_they_say()
    {
        await using var fixture = await RunnerFixture.StartAsync();
        var (end, job) = await fixture.RunAsync(Payloads.Job(fixture.Peer, "echo a > a.xml; echo b > b.xml; echo K=v > run.env", "exit 3") with
        {
            Artifacts =
            [
                new JobArtifact { Paths = ["README"], When = ArtifactOccasions.OnSuccess, ArtifactType = ArtifactTypes.Archive, ArtifactFormat = ArtifactFormats.Zip },
                new JobArtifact { Name = "junit.xml", Paths = ["*.xml"], When = ArtifactOccasions.Always, ArtifactType = ArtifactTypes.Junit, ArtifactFormat = ArtifactFormats.Gzip },
                new JobArtifact { Name = "log", Paths = ["run.env"], When = ArtifactOccasions.OnFailure, ArtifactType = "codequality", ArtifactFormat = ArtifactFormats.Raw },
                new JobArtifact { Name = "none", Paths = ["missing/"], When = ArtifactOccasions.Always, ArtifactType = ArtifactTypes.Metrics, ArtifactFormat = ArtifactFormats.Gzip },
            ],
        });
        Assert.Equal(3, end.ExitCode);
        Assert.Equal(["junit", "codequality"], job.Uploads.Select(upload => upload.Type));
        Assert.Equal("junit.xml.gz", job.Uploads[0].FileName);
        Assert.Equal("a\nb\n", Encoding.UTF8.GetString(Inflate(job.Uploads[0].Bytes)));
        Assert.Equal("K=v\n", Encoding.UTF8.GetString(job.Uploads[1].Bytes));
        Assert.Contains("missing/: no matching files", job.Trace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Untracked_files_can_be_asked_for()
    {
        await using var fixture = await RunnerFixture.StartAsync();
        var (_, job) = await fixture.RunAsync(Payloads.Job(fixture.Peer, "mkdir n; echo x > n/new; echo y > 'ü b'") with
        {
            Artifacts = [new JobArtifact { Untracked = true, ArtifactType = ArtifactTypes.Archive, ArtifactFormat = ArtifactFormats.Zip }],
        });
        Assert.Equal(["n/new", "ü b"], Names(job.Uploads.Single().Bytes));
    }

    [Theory]
    [InlineData("../evil")]
    [InlineData("a/../../evil")]
    [InlineData("/tmp/evil")]
    [InlineData("a\\..\\evil")]
    [InlineData("C:/evil")]
    [InlineData("./evil")]
    [InlineData("outside/evil")]
    [InlineData(".git/hooks/post-checkout")]
    [InlineData(".GIT/config")]
    [InlineData("a//evil")]
    public async Task An_archive_that_leaves_the_project_folder_is_refused(string name)
    {
        await using var fixture = await RunnerFixture.StartAsync();
        var (end, job) = await RunWithArchiveAsync(fixture, zip => Write(zip, name, "evil", 0));
        Assert.Equal(JobStates.Failed, end.State);
        Assert.Contains("are refused: ", job.Trace, StringComparison.Ordinal);
        Assert.DoesNotContain("\nnever\n", job.Trace, StringComparison.Ordinal);
        Assert.False(File.Exists("/etc/evil"));
    }

    [Theory]
    [InlineData("/etc")]
    [InlineData("..")]
    [InlineData("sub/../../..")]
    [InlineData("")]
    public async Task A_link_that_leads_out_of_the_project_folder_is_refused(string target)
    {
        await using var fixture = await RunnerFixture.StartAsync();
        var (end, job) = await RunWithArchiveAsync(fixture, zip => Write(zip, "link", target, 0xA1FF));
        Assert.Equal(JobStates.Failed, end.State);
        Assert.Contains("points out of the project folder", job.Trace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_written_through_a_link_that_an_archive_brings()
    {
        await using var fixture = await RunnerFixture.StartAsync();
        var (end, job) = await RunWithArchiveAsync(fixture, zip =>
        {
            Write(zip, "sub/x", "x", 0);
            Write(zip, "link", "sub", 0xA1FF);
            Write(zip, "link/evil", "evil", 0);
        });
        Assert.Equal(JobStates.Failed, end.State);
        Assert.Contains("is a link or a file", job.Trace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_archive_that_unpacks_to_too_much_is_refused()
    {
        await using var fixture = await RunnerFixture.StartAsync(options => options with { MaxUnpackedBytes = 100_000 });
        var (end, job) = await RunWithArchiveAsync(fixture, zip => Write(zip, "bomb", new string('0', 5_000_000), 0));
        Assert.Equal(JobStates.Failed, end.State);
        Assert.Contains("unpack to more than 100000 bytes", job.Trace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_archive_and_a_missing_one_fail_the_job_plainly()
    {
        await using var fixture = await RunnerFixture.StartAsync();
        var earlier = fixture.Peer.Add(Payloads.Job(fixture.Peer, "true"));
        await earlier.EndAsync();
        var (missing, _) = await fixture.RunAsync(Depends(Payloads.Job(fixture.Peer, "echo never"), earlier));
        Assert.Equal(FailureReasons.MissingDependency, missing.FailureReason);

        earlier.Archive = [1, 2, 3];
        var (broken, job) = await fixture.RunAsync(Depends(Payloads.Job(fixture.Peer, "echo never"), earlier));
        Assert.Equal(FailureReasons.RunnerSystem, broken.FailureReason);
        Assert.Contains("are refused", job.Trace, StringComparison.Ordinal);
    }

    private static async Task<(JobUpdate End, PeerJob Job)> RunWithArchiveAsync(RunnerFixture fixture, Action<ZipArchive> fill)
    {
        var earlier = fixture.Peer.Add(Payloads.Job(fixture.Peer, "true"));
        await earlier.EndAsync();
        earlier.Archive = Make(fill);
        return await fixture.RunAsync(Depends(Payloads.Job(fixture.Peer, "echo never"), earlier));
    }

    private static JobPayload Depends(JobPayload job, PeerJob earlier) => job with
    {
        Dependencies = [new JobDependency { Id = earlier.Payload.Id, Name = "prepare", Token = Payloads.JobToken, ArtifactsFile = new ArtifactsFile { Filename = "artifacts.zip", Size = 1 } }],
    };

    private static byte[] Make(Action<ZipArchive> fill)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            fill(zip);
        }

        return bytes.ToArray();
    }

    private static void Write(ZipArchive zip, string name, string text, int mode)
    {
        var entry = zip.CreateEntry(name);
        entry.ExternalAttributes = mode << 16;
        using var content = entry.Open();
        content.Write(Encoding.UTF8.GetBytes(text));
    }

    private static byte[] Without(byte[] archive, string name)
    {
        using var bytes = new MemoryStream();
        bytes.Write(archive);
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Update, leaveOpen: true))
        {
            zip.GetEntry(name)!.Delete();
        }

        return bytes.ToArray();
    }

    private static IEnumerable<string> Names(byte[] archive)
    {
        using var zip = new ZipArchive(new MemoryStream(archive));
        return [.. zip.Entries.Select(entry => entry.FullName)];
    }

    private static byte[] Inflate(byte[] bytes)
    {
        using var source = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        using var target = new MemoryStream();
        source.CopyTo(target);
        return target.ToArray();
    }
}
