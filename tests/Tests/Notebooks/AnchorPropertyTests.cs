using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Squero.Notebooks;

namespace Squero.Tests.Notebooks;

/// <summary>
/// Whatever is pushed after it: cells that say the same, ids that are missing or there twice, empty cells, files that are no
/// notebook for a while. Every thread stands where some view draws it, in each of the views, or on the shelf.
/// </summary>
public sealed class AnchorPropertyTests
{
    private static readonly string[] Sources = ["", "x", "x = 1\ny = 2\nz = 3", "x = 1\ny = 2", "z = 3", "x = 1\n\n\nz = 3", "# Title\n\ntext", "plot(x)\nplot(x)\nplot(x)", "}\n}\n}"];
    private static readonly string?[] Ids = [null, "a", "a", "b", "c", ""];
    private static readonly JsonObject[] Outputs =
        [Made.Printed("1\n2\n3\n"), Made.Printed("1\n2\n"), Made.Shown("image/png", "aGVsbG8="), Made.Shown("image/png", "aGVsbA=="), Made.Shown("text/html", "<b>x</b>", 1), Made.Shown("application/json", "{}"), Made.Printed("")];

    private static readonly Gen<JsonObject> Cells =
        from source in Gen.Int[0, Sources.Length - 1]
        from id in Gen.Int[0, Ids.Length - 1]
        from isProse in Gen.Int[0, 3]
        from outputs in Gen.Int[0, Outputs.Length - 1].Array[0, 2]
        select isProse == 0 ? Made.Prose(Sources[source], Ids[id]) : Made.Code(Sources[source], Ids[id], [.. outputs.Select(at => Outputs[at])]);

    private static readonly Gen<byte[]> Sound = Cells.Array[0, 5].Select(cells => Made.Bytes(cells));

    private static readonly Gen<byte[]> Versions = Gen.Frequency(
        (8, Sound),
        (1, Sound.Select(bytes => bytes[..(bytes.Length / 2)])),
        (1, Gen.Const(Encoding.UTF8.GetBytes("no notebook"))),
        (1, Gen.Const(Array.Empty<byte>())));

    [Fact]
    public void Every_thread_stands_where_a_view_draws_it_or_on_the_shelf() =>
        Gen.Select(Sound, Versions.Array[1, 4], Gen.Int[0, 1_000_000]).Sample((first, next, seed) =>
        {
            var origin = Notebook.Parse(first);
            var trails = Anchors(origin, new Random(seed)).Select(anchor => new AnchorTrail(anchor, origin)).ToList();
            foreach (var version in next.Select(bytes => Notebook.Parse(bytes)))
            {
                trails.ForEach(trail => trail.Step(version));
                var standing = trails.Select(trail => Of(trail.Now)).Where(anchor => anchor is not null).Select(anchor => anchor!).ToList();
                Assert.All(standing, anchor => Assert.Equal(anchor, NotebookAnchor.Parse(anchor.ToString())));
                AllAreDrawn(NotebookDiff.Between(origin, version), standing);
            }
        }, iter: 400);

    [Fact]
    public void A_push_that_is_taken_back_brings_every_thread_back() =>
        Gen.Select(Sound, Versions.Array[1, 3], Gen.Int[0, 1_000_000]).Sample((first, next, seed) =>
        {
            var origin = Notebook.Parse(first);
            foreach (var anchor in Anchors(origin, new Random(seed)))
            {
                var trail = new AnchorTrail(anchor, origin);
                foreach (var version in next.Append(first).Select(bytes => Notebook.Parse(bytes)))
                {
                    trail.Step(version);
                }

                Assert.IsNotType<AnchorPlacement.Gone>(trail.Now);
            }
        }, iter: 400);

    [Fact]
    public void Texts_that_are_no_anchors_are_none() =>
        Gen.Char["n1.oscx-_09kK"].Array[0, 40].Select(letters => new string(letters)).Sample(text =>
            Assert.True(NotebookAnchor.Parse(text) is not { } anchor || anchor.ToString() == text));

    /// <summary>One of each kind on every cell: the cell, each line and a range, each output, a line of it, a part of its picture.</summary>
    private static IEnumerable<NotebookAnchor> Anchors(Notebook notebook, Random random)
    {
        yield return NotebookAnchor.Whole(NotebookSide.New);
        foreach (var cell in notebook.Cells)
        {
            var onCell = NotebookAnchor.Of(NotebookSide.New, cell);
            yield return onCell;
            for (var line = 1; line <= cell.Lines.Count; line++)
            {
                var first = random.Next(1, line + 1);
                yield return onCell with { Part = AnchorPart.Source, Line = line, First = first < line ? first : 0 };
            }

            foreach (var output in cell.Outputs)
            {
                var place = onCell with { Part = AnchorPart.Output, Output = output.Index, ImageSha256 = NotebookPicture.HashOf(output) };
                yield return place;
                yield return output.Picture() is null ? place with { Line = Math.Min(1, OutputLines.Of(output).Count) } : place with { Region = new PictureRegion(10, 20, 3000, 4000) };
            }
        }
    }

    private static NotebookAnchor? Of(AnchorPlacement placement) => placement switch
    {
        AnchorPlacement.OnLine found => found.Anchor,
        AnchorPlacement.OnCell found => found.Anchor,
        _ => null,
    };

    private static void AllAreDrawn(NotebookDiff diff, IReadOnlyList<NotebookAnchor> standing)
    {
        // Of what cannot be compared the page shows the lines of the file, with all threads above them.
        foreach (var look in diff.Readable ? Enum.GetValues<NotebookLook>() : [])
        {
            var seats = new HashSet<string>(StringComparer.Ordinal);
            NotebookView.DiffHtml(diff, Made.Options(anchor =>
            {
                seats.Add(NotebookAnchor.Parse(anchor)!.Seat.ToString());
                return null;
            }) with
            {
                Look = look,
            });
            Assert.All(standing, anchor => Assert.True(seats.Contains(anchor.Seat.ToString()), $"{anchor.Describe()} is not drawn in the view {look}."));
        }
    }
}
