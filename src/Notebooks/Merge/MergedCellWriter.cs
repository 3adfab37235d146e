namespace Squero.Notebooks;

/// <summary>Writes a cell of the result: the bytes of the side it mostly is, with the parts replaced that come from elsewhere.</summary>
internal sealed class MergedCellWriter(MergeSides sides, MergeLabels labels, IReadOnlyDictionary<string, MergeChoice> choices)
{
    /// <summary>Null when it was chosen away.</summary>
    public JsonPart? Write(MergedCell cell)
    {
        var lines = SourceStretch.Join(cell.Stretches, choices, labels);
        if (cell.Triple.IsRemovedAgainstEdit)
        {
            var chosen = Chosen(cell, MergeConflictKind.EditRemove);
            if (chosen == MergeChoice.Ours && cell.Triple.Ours is null || chosen == MergeChoice.Theirs && cell.Triple.Theirs is null)
            {
                return null;
            }

            lines = chosen is null ? [.. Removed(cell, lines)] : lines;
        }

        var source = string.Join('\n', lines);
        var carrier = Carrier(cell, source);
        var whole = CellPart.Whole(carrier);
        if (IsCarriedWhole(cell, carrier, source))
        {
            return whole;
        }

        var edit = new JsonObjectEdit(whole, sides.Style, sides.CellIndent);
        SetId(cell, edit);
        SetMetadata(cell, carrier, edit);
        var pasted = SetAttachments(cell, carrier, edit);
        lines.AddRange(pasted);
        lines.InsertRange(0, TypeMarks(cell));
        SetSource(cell, carrier, lines, edit);
        if (carrier.Kind == CellKind.Code)
        {
            SetOutputs(cell, carrier, source, edit);
        }

        CellShape.Complete(edit, carrier, sides.FormatMajor);
        return edit.IsChanged ? JsonPart.Of(edit.ToArray()) : whole;
    }

    /// <summary>The other side has nothing to add: nearly all cells of nearly all merges.</summary>
    private bool IsCarriedWhole(MergedCell cell, Cell carrier, string source)
    {
        var (old, other) = (cell.Triple.Base, carrier == cell.Triple.Ours ? cell.Triple.Theirs : cell.Triple.Ours);
        return cell.Conflicts.Count == 0 && source == carrier.Source && CellShape.IsComplete(carrier, sides.FormatMajor)
            && (other is null ? OutputRule.For(cell.Triple, source) != OutputChoice.None : old is not null && old.Whole.Of(old.Json).SequenceEqual(other.Whole.Of(other.Json)))
            && CellPart.Id(carrier) == cell.Id;
    }

    /// <summary>Ours, unless only theirs has the type of the result, or only theirs changed anything.</summary>
    private Cell Carrier(MergedCell cell, string source)
    {
        var (old, ours, theirs) = (cell.Triple.Base, cell.Triple.Ours, cell.Triple.Theirs);
        if (ours is null || theirs is null)
        {
            return cell.Shown;
        }

        if (ours.Kind != theirs.Kind)
        {
            var chosen = Chosen(cell, MergeConflictKind.CellType) == MergeChoice.Theirs;
            return chosen || old?.Kind == ours.Kind ? theirs : ours;
        }

        return old is not null && theirs.Source == source && IsUntouched(old, ours) && !IsUntouched(old, theirs) ? theirs : ours;
    }

    private static bool IsUntouched(Cell old, Cell now) => old.Whole.Of(old.Json).SequenceEqual(now.Whole.Of(now.Json))
        || old.SameSource(now) && OutputRule.SameRun(old, now) && CellPart.Metadata(old).Same(CellPart.Metadata(now)) && CellPart.Attachments(old).Same(CellPart.Attachments(now));

    private static void SetId(MergedCell cell, JsonObjectEdit edit)
    {
        var now = edit["id"];
        if (cell.Id is null)
        {
            edit.Remove("id");
        }
        else if (!now.IsText || JsonText.ReadString(now.File.Span, now.Where) != cell.Id)
        {
            edit.Set("id", Quoted(cell.Id));
        }
    }

    private void SetMetadata(MergedCell cell, Cell carrier, JsonObjectEdit edit)
    {
        var unsettled = new List<string>();
        var merged = cell.Metadata(sides, key =>
        {
            var choice = Chosen(cell, MergeConflictKind.Metadata, key);
            if (choice is null && cell.Conflicts.Any(conflict => conflict.Kind == MergeConflictKind.Metadata && conflict.Name == key))
            {
                unsettled.Add(key);
            }

            return choice == MergeChoice.Theirs;
        });
        if (unsettled.Count > 0)
        {
            merged = UnsettledMetadata.Record(merged, CellPart.Metadata(cell.Triple.Theirs), unsettled, sides.Style, sides.CellIndent + sides.Style.Indent);
        }

        if (!merged.Same(CellPart.Metadata(carrier)))
        {
            edit.Set("metadata", merged);
        }
    }

    /// <summary>Lines that show pictures nobody chose between.</summary>
    private List<string> SetAttachments(MergedCell cell, Cell carrier, JsonObjectEdit edit)
    {
        var lines = new List<string>();
        var kept = new List<(string Name, JsonPart Value)>();
        var theirs = CellPart.Attachments(cell.Triple.Theirs);
        var merged = cell.Attachments(sides, name =>
        {
            var choice = Chosen(cell, MergeConflictKind.Attachment, name);
            if (choice is null or MergeChoice.Both)
            {
                var other = OtherName(name, cell);
                kept.Add((other, theirs.Member(name)));
                lines.AddRange(choice is null ? ConflictText.Marked([Shows(name)], [Shows(other)], labels) : []);
            }

            return choice == MergeChoice.Theirs;
        });
        if (kept.Count > 0)
        {
            var both = new JsonObjectEdit(merged, sides.Style, sides.CellIndent + sides.Style.Indent);
            kept.ForEach(one => both.Set(one.Name, one.Value));
            merged = JsonPart.Of(both.ToArray());
        }

        if (carrier.Kind == CellKind.Code || merged.Members().Count == 0)
        {
            edit.Remove(carrier.Attachments.Count > 0 ? "attachments" : "");
        }
        else if (!merged.Same(CellPart.Attachments(carrier)))
        {
            edit.Set("attachments", merged);
        }

        return lines;
    }

    private static string Shows(string name) => $"![{name}](attachment:{name})";

    private static string OtherName(string name, MergedCell cell)
    {
        var dot = name.LastIndexOf('.');
        var (stem, end) = dot < 0 ? (name, "") : (name[..dot], name[dot..]);
        for (var number = 2; ; number++)
        {
            var other = $"{stem}-{number}{end}";
            if (cell.Triple.Ours!.Attachments.ContainsKey(other) || cell.Triple.Theirs!.Attachments.ContainsKey(other))
            {
                continue;
            }

            return other;
        }
    }

    private IEnumerable<string> TypeMarks(MergedCell cell) =>
        cell.Conflicts.Any(conflict => conflict.Kind == MergeConflictKind.CellType) && Chosen(cell, MergeConflictKind.CellType) is null
            ? ConflictText.Marked([], [], labels, $": a {ConflictText.Type(cell.Triple.Ours!)} cell", $": a {ConflictText.Type(cell.Triple.Theirs!)} cell")
            : [];

    private IEnumerable<string> Removed(MergedCell cell, List<string> lines) => cell.Triple.Ours is null
        ? ConflictText.Marked([], lines, labels, " (removed this cell)")
        : ConflictText.Marked(lines, [], labels, "", " (removed this cell)");

    private void SetSource(MergedCell cell, Cell carrier, List<string> lines, JsonObjectEdit edit)
    {
        var source = string.Join('\n', lines);
        if (source == carrier.Source)
        {
            return;
        }

        var name = CellPart.SourceName(carrier, sides.FormatMajor);
        if (SourceWriter.CanRewrite(carrier.Json, carrier))
        {
            var hunks = LineDiff.Between(carrier.Lines, lines).ConvertAll(hunk => new LinesReplaced(hunk.Before, hunk.RemovedCount, [.. lines.Skip(hunk.After).Take(hunk.AddedCount)]));
            edit.Set(name, JsonPart.Of(SourceWriter.Rewrite(carrier.Json, carrier, hunks, sides.Style)));
            return;
        }

        edit.Set(name, JsonPart.Of(ListText.Source(lines, sides.Style, sides.CellIndent + sides.Style.Indent)));
        if (edit.Has("level"))
        {
            // A heading of nbformat 3 has its depth beside its text; merged text has it inside, as Markdown.
            edit.Remove("level");
            edit.Set("cell_type", Quoted("markdown"));
        }
    }

    private void SetOutputs(MergedCell cell, Cell carrier, string source, JsonObjectEdit edit)
    {
        var countName = CellPart.CountName(sides.FormatMajor);
        var choice = OutputRule.For(cell.Triple, source);
        var side = choice switch
        {
            OutputChoice.Ours => cell.Triple.Ours,
            OutputChoice.Theirs => cell.Triple.Theirs,
            _ => null,
        };
        if (side is not null && side != carrier)
        {
            Copy(side, "outputs", edit, "[]");
            Copy(side, countName, edit, "null");
        }
        else if (side is null)
        {
            if (carrier.ExecutionCount is not null)
            {
                edit.Set(countName, JsonPart.Of("null"u8.ToArray()));
            }

            if (choice == OutputChoice.None && carrier.Outputs.Count > 0)
            {
                edit.Set("outputs", JsonPart.Of("[]"u8.ToArray()));
            }
        }
    }

    private static void Copy(Cell from, string name, JsonObjectEdit edit, string absent)
    {
        var value = CellPart.Whole(from).Member(name);
        if (!value.Same(edit[name]))
        {
            edit.Set(name, value.IsPresent ? value : JsonPart.Of(System.Text.Encoding.ASCII.GetBytes(absent)));
        }
    }

    private MergeChoice? Chosen(MergedCell cell, MergeConflictKind kind, string name = "")
    {
        foreach (var conflict in cell.Conflicts)
        {
            if (conflict.Kind == kind && conflict.Name == name && choices.TryGetValue(conflict.Id, out var choice))
            {
                return choice == MergeChoice.Both && !conflict.AllowsBoth ? MergeChoice.Ours : choice;
            }
        }

        return null;
    }

    private static JsonPart Quoted(string text) => JsonPart.Of(new JsonEscapes(false, "", false).Quote(text));
}
