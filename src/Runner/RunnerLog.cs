using System.Globalization;

namespace Squero.Runner;

/// <summary>The runner's own log: one line per event, never a token.</summary>
internal sealed class RunnerLog(TextWriter writer, TimeProvider time)
{
    private readonly Lock gate = new();

    public void Write(FormattableString text)
    {
        lock (gate)
        {
            writer.WriteLine($"{time.GetUtcNow().UtcDateTime.ToString("u", CultureInfo.InvariantCulture)} {text.ToString(CultureInfo.InvariantCulture)}");
            writer.Flush();
        }
    }
}
