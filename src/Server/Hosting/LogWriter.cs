using System.Text;

namespace Squero.Server;

/// <summary>Turns the runner's lines into entries of the server's log.</summary>
internal sealed partial class LogWriter(ILogger logger) : TextWriter
{
    public override Encoding Encoding => Encoding.UTF8;

    public override void WriteLine(string? value) => LogLine(logger, value ?? "");

    [LoggerMessage(LogLevel.Debug, "Runner: {Line}")]
    private static partial void LogLine(ILogger logger, string line);
}
