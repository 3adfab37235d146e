using Squero.Experiments;

namespace Squero.Mlflow;

/// <summary>
/// traces/calculate-filter-correlation: how much more often two filters match the same traces than chance would have it, as normalized
/// pointwise mutual information (Bouma 2009) from -1 to 1.
/// </summary>
internal static class CorrelationCalls
{
    // Jeffreys' prior: half a trace in each of the four fields.
    private const double Smoothing = 0.5;

    public static async Task CalculateAsync(MlflowCall call)
    {
        var fields = call.Fields;
        var ids = fields.Texts("experiment_ids");
        if (ids.Count == 0)
        {
            throw MlflowError.Missing("experiment_ids");
        }

        var (first, second, all) = (fields.Required("filter_string1"), fields.Required("filter_string2"), fields.Text("base_filter"));
        IReadOnlyList<long> experiments = [.. (await RunCalls.ExperimentsAsync(call, ids)).Keys];
        Task<long> CountAsync(params string?[] filters) => call.Get<TraceSearch>().CountAsync(experiments, filters, TraceWords.Names, call.Cancel);
        var (one, two, both, total) = (await CountAsync(all, first), await CountAsync(all, second), await CountAsync(all, first, second), await CountAsync(all));
        await call.WriteAsync(writer =>
        {
            writer.WriteReal("npmi", Npmi(both, one, two, total));
            writer.WriteReal("npmi_smoothed", one == 0 || two == 0 ? double.NaN : Npmi(both, one - both, two - both, total - one - two + both, Smoothing));
            writer.WriteNumber("filter1_count", one);
            writer.WriteNumber("filter2_count", two);
            writer.WriteNumber("joint_count", both);
            writer.WriteNumber("total_count", total);
        });
    }

    /// <summary>NaN where a filter matches nothing; -1 where they never match together.</summary>
    public static double Npmi(long both, long first, long second, long total) =>
        first == 0 || second == 0 || total == 0 ? double.NaN
        : both == 0 ? -1
        : Npmi(both, first - both, second - both, total - first - second + both, 0);

    private static double Npmi(double both, double first, double second, double neither, double smoothing)
    {
        var (n11, n1, n2) = (both + smoothing, both + first + (2 * smoothing), both + second + (2 * smoothing));
        var total = both + first + second + neither + (4 * smoothing);
        if (first == 0 && second == 0 && neither == 0)
        {
            return 1;
        }

        var together = Math.Log(n11) - Math.Log(total);
        return Math.Clamp((Math.Log(n11) + Math.Log(total) - (Math.Log(n1) + Math.Log(n2))) / -together, -1, 1);
    }
}
