using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Squero.Repositories;
using Squero.Server;

namespace Squero.Tests.Hosting;

/// <summary>What the command line says reaches the server.</summary>
public sealed class ServeArgumentsTests
{
    [Theory]
    [InlineData("", 250)]
    [InlineData("--max-push-mb 7", 7)]
    public async Task The_largest_push_is_as_the_command_line_says(string line, int megabytes)
    {
        var folder = Directory.CreateTempSubdirectory("squero-test-");
        var (command, arguments) = Serve();
        var options = arguments.Read(command.Parse($"{line} --data {folder.FullName}"));
        await using (var app = await ServerHost.BuildAsync(options, null, TestContext.Current.CancellationToken))
        {
            Assert.Equal(megabytes * 1024L * 1024, app.Services.GetRequiredService<RepositoryLimits>().MaxPushBytes);
        }

        folder.Delete(true);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("9999999")]
    [InlineData("much")]
    public void A_size_that_makes_no_sense_is_refused_with_its_name(string size) =>
        Assert.Contains("--max-push-mb", Assert.Single(Serve().Command.Parse($"--max-push-mb {size}").Errors).Message, StringComparison.Ordinal);

    private static (Command Command, ServeArguments Arguments) Serve()
    {
        var arguments = new ServeArguments();
        var command = new Command("serve");
        arguments.AddTo(command);
        return (command, arguments);
    }
}
