namespace Squero.Notebooks;

/// <summary>What nbformat demands of a cell. Jupyter opens files that lack some of it; a merged one has it.</summary>
internal static class CellShape
{
    private static readonly byte[] EmptyObject = "{}"u8.ToArray();
    private static readonly byte[] EmptyList = "[]"u8.ToArray();
    private static readonly byte[] Null = "null"u8.ToArray();

    public static bool IsComplete(Cell cell, int formatMajor)
    {
        if (formatMajor < 4)
        {
            return true;
        }

        if (!cell.SourceSlice.IsPresent || !cell.MetadataSlice.IsPresent)
        {
            return false;
        }

        bool type = false, outputs = cell.Kind != CellKind.Code, count = outputs;
        var walker = new JsonWalker(cell.Json[..cell.Whole.End], cell.Whole.Start);
        walker.Enter((byte)'{');
        while (walker.NextKey(out var key))
        {
            var name = key.Of(cell.Json);
            type |= name.SequenceEqual("\"cell_type\""u8);
            outputs |= name.SequenceEqual("\"outputs\""u8);
            count |= name.SequenceEqual("\"execution_count\""u8);
            walker.Value();
        }

        return type && outputs && count;
    }

    public static void Complete(JsonObjectEdit edit, Cell cell, int formatMajor)
    {
        if (formatMajor < 4)
        {
            return;
        }

        Demand("cell_type", JsonPart.Of(System.Text.Encoding.ASCII.GetBytes($"\"{ConflictText.Type(cell)}\"")));
        Demand("metadata", JsonPart.Of(EmptyObject));
        Demand("source", JsonPart.Of(EmptyList));
        if (cell.Kind == CellKind.Code)
        {
            Demand("execution_count", JsonPart.Of(Null));
            Demand("outputs", JsonPart.Of(EmptyList));
        }

        void Demand(string name, JsonPart value)
        {
            if (!edit[name].IsPresent)
            {
                edit.Set(name, value);
            }
        }
    }
}
