using System.Text.Json;
using Squero.RunnerProtocol;

namespace Squero.Tests.RunnerProtocol;

public sealed class ProtocolJsonTests
{
    [Fact]
    public void A_payload_has_whole_numbers_and_leaves_out_what_is_not_there()
    {
        var json = JsonSerializer.Serialize(SmallPayload(), ProtocolJson.Default.JobPayload);

        Assert.Contains("\"runner_info\":{\"timeout\":3600}", json, StringComparison.Ordinal);
        Assert.Contains("\"time_in_queue_seconds\":4}", json, StringComparison.Ordinal);
        Assert.Contains("\"steps\":[{\"name\":\"script\",\"script\":[\"true\"],", json, StringComparison.Ordinal);
        Assert.DoesNotContain("null", json, StringComparison.Ordinal);
        Assert.DoesNotContain("\"run\"", json, StringComparison.Ordinal);
        Assert.DoesNotContain("\"file\"", json, StringComparison.Ordinal);
        Assert.DoesNotContain("\"raw\"", json, StringComparison.Ordinal);
    }

    [Fact]
    public void A_payload_survives_the_wire()
    {
        var json = JsonSerializer.Serialize(SmallPayload(), ProtocolJson.Default.JobPayload);
        var back = JsonSerializer.Deserialize(json, ProtocolJson.Default.JobPayload)!;
        Assert.Equal(json, JsonSerializer.Serialize(back, ProtocolJson.Default.JobPayload));
    }

    [Fact]
    public void Unknown_keys_are_ignored_and_features_are_asked_by_name()
    {
        const string body = """{"token":"glrt-abc","tomorrow":{"a":1},"info":{"features":{"cancel_gracefully":true,"levels":3}}}""";
        var request = JsonSerializer.Deserialize(body, ProtocolJson.Default.JobRequest)!;

        Assert.Equal("glrt-abc", request.Token);
        Assert.True(request.Info!.Supports(RunnerFeatures.CancelGracefully));
        Assert.False(request.Info.Supports("levels"));
        Assert.False(request.Info.Supports("missing"));
    }

    [Theory]
    [InlineData("""{"tag_list":"gpu, linux"}""")]
    [InlineData("""{"tag_list":["gpu","linux"]}""")]
    public void Tags_come_as_a_list_or_as_text(string body) =>
        Assert.Equal(["gpu", "linux"], JsonSerializer.Deserialize(body, ProtocolJson.Default.RunnerRegistration)!.TagList!);

    [Fact]
    public void The_checksum_is_the_ieee_one()
    {
        var checksum = default(Crc32).Append("1234"u8).Append("56789"u8).ToChecksum();
        Assert.Equal("crc32:cbf43926", checksum);
        Assert.Equal("crc32:00000000", default(Crc32).ToChecksum());
    }

    [Theory]
    [InlineData("0-1023", 0L)]
    [InlineData("1188-9", 1188L)]
    [InlineData("-5", null)]
    [InlineData("x-5", null)]
    [InlineData(null, null)]
    public void The_end_of_a_patch_is_ignored(string? range, long? start) => Assert.Equal(start, TraceRange.ParseStart(range));

    private static JobPayload SmallPayload() => new()
    {
        Id = 4711,
        Token = "glcbt-66_example",
        AllowGitFetch = true,
        JobInfo = new JobOrigin { Id = 4711, Name = "train", Stage = "train", ProjectName = "vision", TimeInQueueSeconds = 4 },
        GitInfo = new JobSource { RepoUrl = "http://h/a.git", Ref = "main", Sha = new string('a', 40), Refspecs = ["+refs/heads/main:refs/remotes/origin/main"] },
        RunnerInfo = new JobLimits { Timeout = 3600 },
        Variables = [new JobVariable { Key = "CI", Value = "true", Public = true }],
        Steps = [new JobStep { Name = JobStep.Script, Commands = ["true"], When = "on_success" }],
    };
}
