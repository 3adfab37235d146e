using Squero.Experiments;
using Squero.Kernel;

namespace Squero.Tests.Experiments;

public sealed class ArtifactPathTests
{
    [Theory]
    [InlineData("")]
    [InlineData("model.onnx")]
    [InlineData("model/data/weights.bin")]
    [InlineData("a bü.txt")]
    [InlineData("100%.txt")]
    [InlineData("...a/b..c")]
    [InlineData("images/dogs%step%3%timestamp%1795414802572%m8dc2f41-794d-4a3f-b8f1-a0fc733d4d0d.png")]
    [InlineData("images/dogs%step%92%timestamp%2095414802572%g8dc2f41%compressed.webp")]
    [InlineData("名前/ファイル.png")]
    public void An_honest_path_stays_as_it_is(string path) => Assert.Equal(path, ArtifactPath.Parse(path));

    [Theory]
    [InlineData(".", "")]
    [InlineData("a/./b//c/", "a/b/c")]
    [InlineData("./.a", ".a")]
    [InlineData("../a", "../a")]
    [InlineData("/a", "/a")]
    public void A_folder_is_looked_into_without_what_says_here(string path, string expected) => Assert.Equal(expected, ArtifactPath.Folder(path));

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData("..")]
    [InlineData("a/../b")]
    [InlineData("a/./b")]
    [InlineData("a\\b")]
    [InlineData("C:x")]
    [InlineData("a#b")]
    [InlineData("a\nb")]
    [InlineData("%2e%2e/a")]
    [InlineData("%252e%252e%252fa")]
    [InlineData("a%5cb")]
    [InlineData("%c0%ae%c0%ae/a")]
    [InlineData("\uFF0E\uFF0E/a")]
    [InlineData("a\uD800b")]
    [InlineData("%2e%2e/dogs%step%3%timestamp%17%m8.png")]
    [InlineData("dogs%step%3%timestamp%17%m8/%2e%2e.png")]
    [InlineData("dogs%step%3%timestamp%17%2e.png")]
    public void A_path_that_could_mean_another_place_is_refused(string path) => Assert.Throws<Refusal>(() => ArtifactPath.Parse(path));
}
