namespace Squero.Notebooks;

/// <summary>
/// Merges what is said of the whole notebook. Kernel, language version, widget states and whatever else tools write are
/// no matter for people: where both sides changed them, ours stays.
/// </summary>
internal static class NotebookMetadata
{
    private static readonly HashSet<string> WrittenByPeople = new(StringComparer.Ordinal) { "title", "subtitle", "author", "authors", "description", "license", "keywords", "date" };

    public static List<MergeConflict> Unsettled(MergeSides sides)
    {
        var found = new List<MergeConflict>();
        Merge(sides, key =>
        {
            if (WrittenByPeople.Contains(key) && !found.Exists(conflict => conflict.Name == key))
            {
                found.Add(ConflictText.WithId(new MergeConflict { Id = "", Sentence = "", Kind = MergeConflictKind.Metadata, Name = key }));
            }

            return false;
        });
        return found;
    }

    public static JsonPart Merge(MergeSides sides, IReadOnlyList<MergeConflict> conflicts, IReadOnlyDictionary<string, MergeChoice> choices)
    {
        var unsettled = new List<string>();
        var merged = Merge(sides, key =>
        {
            if (conflicts.FirstOrDefault(conflict => conflict.Place < 0 && conflict.Name == key) is not { } conflict)
            {
                return false;
            }

            if (choices.TryGetValue(conflict.Id, out var choice))
            {
                return choice == MergeChoice.Theirs;
            }

            unsettled.Add(key);
            return false;
        });
        return unsettled.Count == 0 ? merged : UnsettledMetadata.Record(merged, Part(sides.Theirs), unsettled, sides.Style, sides.Style.Indent);
    }

    private static JsonPart Merge(MergeSides sides, Func<string, bool> takesTheirs) =>
        new ObjectMerge(sides.Style, deep: true, takesTheirs).Merge(Part(sides.Base), Part(sides.Ours), Part(sides.Theirs), sides.Style.Indent);

    private static JsonPart Part(Notebook notebook) => new(notebook.Bytes, notebook.MetadataSlice);
}
