using System.Text;

namespace Squero.Mlflow;

/// <summary>
/// One large file up and down, against a server that copies requests to files and files to answers on the same HTTP stack, in
/// turns. Bytes are random: what compresses or repeats would flatter.
/// </summary>
internal static class ArtifactLoad
{
    private const long Small = 500_000_000;
    private const long Large = 5_000_000_000;
    private const int Turns = 3;

    public static async Task RunAsync(LoadTarget target, TrackingFigures figures)
    {
        var bytes = figures.Settings.IsFull ? Large : Small;
        var turns = figures.Settings.IsFull ? 1 : Turns;
        using var connection = await target.ConnectAsync();
        var run = await target.CreateRunAsync(connection, await target.CreateExperimentAsync(connection));
        var stored = new FilePlace(target.Tracking, $"{target.Tracking.AbsolutePath.TrimEnd('/')}/api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts/big.bin", target.Credentials);
        var plain = figures.Settings.PlainFiles is { } address ? new FilePlace(address, "/big.bin", "") : null;
        await stored.PutAsync(10_000_000, 0, target.Cancel);
        await (plain?.PutAsync(10_000_000, 0, target.Cancel) ?? Task.CompletedTask);
        var (up, down, plainUp, plainDown) = (TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero);
        for (var turn = 0; turn < turns; turn++)
        {
            plainUp += plain is null ? TimeSpan.Zero : await plain.PutAsync(bytes, turn, target.Cancel);
            up += await stored.PutAsync(bytes, turn, target.Cancel);
            plainDown += plain is null ? TimeSpan.Zero : await plain.GetAsync(bytes, target.Cancel);
            down += await stored.GetAsync(bytes, target.Cancel);
            figures.Tell($"{(turn + 1) * (bytes / 1_000_000)} MB up and down");
        }

        var megabytes = turns * bytes / 1e6;
        figures.Note("artifact_up_mb_per_s", megabytes / up.TotalSeconds);
        figures.Note("artifact_down_mb_per_s", megabytes / down.TotalSeconds);
        if (plain is not null)
        {
            figures.Note("artifact_up_ratio_plain", plainUp / up);
            figures.Note("artifact_down_ratio_plain", plainDown / down);
        }

        if (figures.Settings.ServerPeak is { } peak)
        {
            figures.Note("artifact_server_peak_mb", peak());
        }
    }

    /// <summary>An address that takes a file and gives it back.</summary>
    private sealed class FilePlace(Uri server, string path, string credentials)
    {
        private static readonly byte[] Noise = MakeNoise();

        public async Task<TimeSpan> PutAsync(long bytes, int turn, CancellationToken cancel)
        {
            using var connection = await LoadConnection.OpenAsync(server.Host, server.Port, cancel);
            var started = System.Diagnostics.Stopwatch.GetTimestamp();
            await connection.SendAsync(Head("PUT", $"Content-Length: {bytes}\r\n"), cancel);

            // Another beginning each time, so that the same file is never stored already.
            var shift = 1 + turn;
            for (var left = bytes; left > 0;)
            {
                var part = (int)Math.Min(left, Noise.Length - shift);
                await connection.SendAsync(Noise.AsMemory(shift, part), cancel);
                left -= part;
            }

            LoadTarget.Expect(connection, await connection.ReceiveAsync(cancel));
            return System.Diagnostics.Stopwatch.GetElapsedTime(started);
        }

        public async Task<TimeSpan> GetAsync(long bytes, CancellationToken cancel)
        {
            using var connection = await LoadConnection.OpenAsync(server.Host, server.Port, cancel);
            var started = System.Diagnostics.Stopwatch.GetTimestamp();
            await connection.SendAsync(Head("GET", ""), cancel);
            var (status, length) = await connection.DrainAsync(cancel);
            return status == 200 && length == bytes
                ? System.Diagnostics.Stopwatch.GetElapsedTime(started)
                : throw new IOException($"The server answered {status} with {length} of {bytes} bytes.");
        }

        private byte[] Head(string method, string more) =>
            Encoding.ASCII.GetBytes($"{method} {path} HTTP/1.1\r\nHost: {server.Authority}\r\n{credentials}{more}\r\n");

        private static byte[] MakeNoise()
        {
            var noise = new byte[(1 << 20) + 7919];
            new Random(1).NextBytes(noise);
            return noise;
        }
    }
}
