namespace Squero.Verdicts;

/// <summary>Which metrics one looks at first: what judges the result, then what was seen on the way, then the machine.</summary>
public static class MetricOrder
{
    private static readonly string[] Usual = ["auc", "roc_auc", "accuracy", "f1", "r2", "rmse", "mae"];

    /// <summary>Smaller comes first; order by name among equals.</summary>
    public static int Rank(string metric)
    {
        var name = metric.ToLowerInvariant();
        var known = Array.IndexOf(Usual, name);
        return known >= 0 ? known
            : name.StartsWith("system/", StringComparison.Ordinal) ? 40
            : name is "loss" or "epoch" or "step" || Begins(name, "train") || Begins(name, "training") ? 30
            : Begins(name, "val") || Begins(name, "valid") || Begins(name, "validation") || Begins(name, "eval") ? 20
            : 10;
    }

    private static bool Begins(string name, string word) =>
        name.Length > word.Length && name.StartsWith(word, StringComparison.Ordinal) && name[word.Length] is '_' or '-' or '/' or '.' or ' ' or ':';
}
