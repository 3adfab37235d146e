using System.IO.Compression;
using System.Net;
using System.Text;
using Squero.Kernel;
using Squero.Pipelines;
using Squero.RunnerProtocol;

namespace Squero.Tests.Pipelines;

public sealed class ArtifactTests(PipelineWorld world) : IClassFixture<PipelineWorld>
{
    private const string Handing =
        """
        stages: [build, use]
        make:
          stage: build
          script: [a]
          artifacts: { paths: [out/], expire_in: 1 week, reports: { dotenv: run.env } }
        use:
          stage: use
          script: [b]
        """;

    [Fact]
    public async Task What_one_job_leaves_the_next_one_gets()
    {
        await world.StartAsync(Handing);
        var make = await world.Runner.TakeAsync("make");
        Assert.Equal(["archive", "dotenv"], make.Payload.Artifacts!.Select(artifact => artifact.ArtifactType));
        var zip = Zip(("out/model.txt", "weights"), ("out/<b>.html", "<script>1</script>"));
        using var stored = await make.UploadAsync("archive", "zip", "artifacts.zip", zip, "1 week");
        Assert.Equal(HttpStatusCode.Created, stored.StatusCode);
        using var once = await make.UploadAsync("archive", "zip", "artifacts.zip", zip);
        Assert.Equal(HttpStatusCode.Created, once.StatusCode);
        using var other = await make.UploadAsync("archive", "zip", "artifacts.zip", Zip(("x", "y")));
        Assert.Equal(HttpStatusCode.BadRequest, other.StatusCode);
        using var dotenv = await make.UploadAsync("dotenv", "gzip", ".env.gz", Gzip("VERSION=1.2\nNAME = churn\n"));
        Assert.Equal(HttpStatusCode.Created, dotenv.StatusCode);
        await make.SucceedAsync();

        var use = await world.Runner.TakeAsync("use");
        var dependency = use.Payload.Dependencies!.Single();
        Assert.Equal((make.Id, "make", (long)zip.Length), (dependency.Id, dependency.Name, dependency.ArtifactsFile!.Size));
        Assert.Equal(("1.2", "churn"), (use.Variable("VERSION"), use.Variable("NAME")));
        using var download = await use.DownloadAsync(make.Id);
        Assert.Equal(zip, await download.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        await use.SucceedAsync();

        using var dead = await use.DownloadAsync(make.Id);
        Assert.Equal(HttpStatusCode.Forbidden, dead.StatusCode);
        await CheckBrowsingAsync(make.Id, zip);
    }

    [Theory]
    [InlineData("../evil")]
    [InlineData("/etc/passwd")]
    [InlineData("a/../../b")]
    [InlineData("a\\b")]
    public async Task An_archive_with_a_name_that_leads_elsewhere_is_refused(string name)
    {
        await world.StartAsync("only: { script: [a], artifacts: { paths: [x] } }");
        var job = await world.Runner.TakeAsync("only");
        using var answer = await job.UploadAsync("archive", "zip", "a.zip", Zip((name, "x")));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        using var broken = await job.UploadAsync("archive", "zip", "a.zip", [1, 2, 3]);
        Assert.Equal(HttpStatusCode.BadRequest, broken.StatusCode);
        await job.SucceedAsync();
    }

    [Fact]
    public void An_archive_that_unpacks_to_far_more_is_refused()
    {
        var bomb = Zip(("zeros", new string('0', 64 * 1024 * 1024)));
        // Deflate cannot do better than about 1000 to 1; a lying size field can.
        Assert.True(bomb.Length < 100_000);
        var file = bomb.AsSpan();
        var directory = file.LastIndexOf("PK\u0001\u0002"u8);
        BitConverter.TryWriteBytes(file[(directory + 24)..], int.MaxValue);
        Assert.Throws<Refusal>(() => ArchiveIndex.Read(new MemoryStream(bomb), bomb.Length));
    }

    [Theory]
    [InlineData("no equals sign")]
    [InlineData("A=1\n\nB=2")]
    [InlineData("bad key=1")]
    [InlineData("# comment\nA=1")]
    public void A_dotenv_report_with_another_line_is_refused(string text) => Assert.Throws<Refusal>(() => DotenvReport.Parse(text));

    [Fact]
    public void The_last_of_two_dotenv_values_wins() =>
        Assert.Equal([KeyValuePair.Create("A", "2"), KeyValuePair.Create("B", "x=y")], DotenvReport.Parse("\uFEFFA=1\nB=x=y\nA=2\n"));

    private async Task CheckBrowsingAsync(long jobId, byte[] zip)
    {
        var cancel = TestContext.Current.CancellationToken;
        var page = await world.Author.Http.GetStringAsync($"/{world.Project}/-/jobs/{jobId}", cancel);
        Assert.Contains("out/model.txt", page, StringComparison.Ordinal);
        using var file = await world.Author.Http.GetAsync($"/{world.Project}/-/jobs/{jobId}/artifacts/file/out/%3Cb%3E.html", cancel);
        Assert.Equal("<script>1</script>", await file.Content.ReadAsStringAsync(cancel));
        Assert.Equal("attachment", file.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Contains("sandbox", file.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("application/octet-stream", file.Content.Headers.ContentType!.MediaType);
        Assert.Equal(zip, await world.Author.Http.GetByteArrayAsync($"{world.Api}/jobs/{jobId}/artifacts", cancel));
        Assert.Equal("weights", await world.Author.Http.GetStringAsync($"{world.Api}/jobs/{jobId}/artifacts/out/model.txt", cancel));
        using var missing = await world.Author.Http.GetAsync($"{world.Api}/jobs/{jobId}/artifacts/out/none", cancel);
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        var job = await world.Author.GetAsync($"{world.Api}/jobs/{jobId}");
        Assert.Equal("artifacts.zip", job.GetProperty("artifacts_file").GetProperty("filename").GetString());
        Assert.NotNull(job.GetProperty("artifacts_expire_at").GetString());
    }

    private static byte[] Zip(params (string Name, string Text)[] files)
    {
        var buffer = new MemoryStream();
        using (var zip = new ZipArchive(buffer, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, text) in files)
            {
                using var writer = new StreamWriter(zip.CreateEntry(name).Open());
                writer.Write(text);
            }
        }

        return buffer.ToArray();
    }

    private static byte[] Gzip(string text)
    {
        var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionMode.Compress))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return buffer.ToArray();
    }
}
