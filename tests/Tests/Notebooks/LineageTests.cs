using System.Text;
using CsCheck;
using Squero.Notebooks;

namespace Squero.Tests.Notebooks;

public sealed class LineageTests
{
    [Theory]
    [InlineData("x = 1", "print(x)")]
    [InlineData("a, (b, *x) = rows", "x")]
    [InlineData("x: int = 3", "x + 1")]
    [InlineData("import numpy as x", "x.zeros(3)")]
    [InlineData("import x.linalg", "x.linalg.norm(v)")]
    [InlineData("from shop import (cart, basket as x)", "x()")]
    [InlineData("def x(n):\n    return n", "x(2)")]
    [InlineData("class x(Base):\n    size = 3", "x.size")]
    [InlineData("for x in range(3):\n    pass", "x")]
    [InlineData("with open('f') as x:\n    pass", "x.read()")]
    [InlineData("with (a() as y, b() as x):\n    pass", "x")]
    [InlineData("if (x := 3) > 2: pass", "x")]
    [InlineData("if ready: x = 1", "x")]
    [InlineData("%%time\nx = 1", "x")]
    [InlineData("%time x = fit()", "x")]
    [InlineData("x = !ls", "x")]
    [InlineData("%%capture x\nprint(1)", "x.show()")]
    [InlineData("def set_it():\n    global x\n    x = 1\nset_it()", "x")]
    [InlineData("y = 1; x = 2", "x")]
    [InlineData("x = '''a\nb'''", "x")]
    [InlineData("x = 1", "f'{x:.2f} of {total}'")]
    [InlineData("x = 1", "y += x")]
    [InlineData("x = 1", "[x for i in range(3)]")]
    [InlineData("x = 1", "def f(a=x): return a")]
    [InlineData("x = 1", "def f():\n    return x\nf()")]
    [InlineData("x = 1", "@x\ndef f(): pass")]
    [InlineData("x = 1", "sort(key=lambda r: r[x])")]
    [InlineData("x = 1", "rows[x] = 3")]
    [InlineData("x = 1", "call(\n    x,\n)")]
    [InlineData("x = 1", "return_it = {'a': x}")]
    public void A_name_leads_to_the_cell_that_defines_it(string above, string below) => Assert.Equal(0, Assert.Single(Upstream(1, above, below)).Cell);

    [Theory]
    [InlineData("x = 1", "y.x")]
    [InlineData("x = 1", "call(x=3)")]
    [InlineData("x = 1", "# x")]
    [InlineData("x = 1", "'x'")]
    [InlineData("x = 1", "f'{{x}}'")]
    [InlineData("x = 1", "x = 2\nprint(x)")]
    [InlineData("x = 1", "[x for x in range(3)]")]
    [InlineData("x = 1", "{k: x for k, x in pairs}")]
    [InlineData("x = 1", "sort(key=lambda x: x[1])")]
    [InlineData("x = 1", "def f(x):\n    return x")]
    [InlineData("x = 1", "def f():\n    x = 2\n    return x")]
    [InlineData("x = 1", "!pip install x")]
    [InlineData("x = 1", "%%bash\necho $x x")]
    [InlineData("x = 1", "import x")]
    [InlineData("def f():\n    x = 1", "x")]
    [InlineData("[x for x in rows]", "x")]
    [InlineData("# x = 1", "x")]
    [InlineData("%%html\nx = 1", "x")]
    public void What_only_reads_like_a_use_leads_nowhere(string above, string below) => Assert.Empty(Upstream(1, above, below));

    [Fact]
    public void The_way_goes_on_to_what_those_cells_use() =>
        Assert.Equal([0, 1, 3], Upstream(4, "import pandas as pd", "df = pd.read_csv('a.csv')", "other = 3", "mean = df.mean()", "plot(mean)").Select(cell => cell.Cell));

    [Fact]
    public void A_definition_hides_the_ones_above_it() => Assert.Equal([1], Upstream(2, "x = 1", "x = 2", "x").Select(cell => cell.Cell));

    [Theory]
    [InlineData("df['rate'] = 3")]
    [InlineData("df.name = 'rows'")]
    [InlineData("df += 1")]
    [InlineData("df.drop('a', inplace=True)")]
    [InlineData("df.append(3)")]
    [InlineData("del df['a']")]
    public void A_change_to_a_thing_counts_beside_its_definition(string change) =>
        Assert.Equal([0, 1], Upstream(2, "df = load()", change, "df").Select(cell => cell.Cell));

    [Fact]
    public void A_deleted_name_comes_from_nowhere() => Assert.Empty(Upstream(2, "x = 1", "del x", "x"));

    [Fact]
    public void What_nobody_defines_may_come_from_an_import_of_everything() =>
        Assert.Equal(["*"], Assert.Single(Upstream(1, "from pylab import *", "plot(1)")).Names);

    [Fact]
    public void Names_say_why_a_cell_counts() => Assert.Equal(["a", "b"], Assert.Single(Upstream(1, "a = 1\nb = 2\nc = 3", "a + b")).Names);

    [Theory]
    [InlineData("pd.read_csv('rows.csv')")]
    [InlineData("pd.read_csv(filepath_or_buffer='rows.csv', sep=';')")]
    [InlineData("open('rows.csv')")]
    [InlineData("open('rows.csv', 'rb')")]
    [InlineData("np.load(\"rows.csv\")")]
    [InlineData("Image.open('rows.csv')")]
    [InlineData("Path('rows.csv').read_text()")]
    [InlineData("with open('rows.csv', encoding='utf-8') as f:\n    f.read()")]
    [InlineData("plt.imread(r'rows.csv')")]
    public void A_path_written_out_is_a_data_file(string source) =>
        Assert.Equal(new DataFile(0, 1, "rows.csv"), Assert.Single(Lineage(source).Files(0)));

    [Theory]
    [InlineData("open('rows.csv', 'w')")]
    [InlineData("open('rows.csv', mode='a')")]
    [InlineData("pd.read_csv(name)")]
    [InlineData("pd.read_csv('part' + name)")]
    [InlineData("df.to_csv('rows.csv')")]
    [InlineData("Path('rows.csv').open('w')")]
    public void What_writes_or_makes_up_its_path_is_none(string source) => Assert.Empty(Lineage(source).Files(0));

    [Fact]
    public void A_figure_names_the_files_of_all_the_cells_it_rests_on()
    {
        var files = Lineage("import pandas as pd", "a = 3\ndf = pd.read_csv('rows.csv')", "unused = open('else.txt')", "df.plot()").Files(3);

        Assert.Equal(new DataFile(1, 2, "rows.csv"), Assert.Single(files));
    }

    [Fact]
    public void Other_kernels_rest_on_the_code_above()
    {
        var notebook = Notebook.Parse(Encoding.UTF8.GetBytes("""{"nbformat":4,"metadata":{"kernelspec":{"language":"R"}},"cells":[{"cell_type":"code","source":"x <- 1","outputs":[]},{"cell_type":"markdown","source":"x"},{"cell_type":"code","source":"x","outputs":[]}]}"""));

        Assert.Equal([0], NotebookLineage.Of(notebook).Upstream(2).Select(cell => cell.Cell));
    }

    [Fact]
    public void Prose_and_places_outside_rest_on_nothing()
    {
        var lineage = NotebookLineage.Of(Made.Notebook(Made.Code("x = 1"), Made.Prose("x")));

        Assert.Empty(lineage.Upstream(1));
        Assert.Empty(lineage.Upstream(9));
        Assert.Empty(lineage.Files(-1));
    }

    [Fact]
    public void Any_text_is_read_without_failing()
    {
        string[] pieces = ["def f(", ")", ":", "\n    ", "\n", "lambda x", "for y in", "[", "]", "{", "}", "'", "\"\"\"", "f'{", "x", "=", ":=", ",", ".", "%time ", "!", "\\", "with", " as ", "import", "from x import *", "del ", "global ", "class A", "#", ";", "@"];
        Gen.Int[0, pieces.Length - 1].Array[0, 40].Sample(
            chosen =>
            {
                var lineage = Lineage("x = 1", string.Concat(chosen.Select(i => pieces[i])), "x");
                Assert.NotNull(lineage.Upstream(2));
                Assert.NotNull(lineage.Files(1));
            },
            iter: 5_000);
        Assert.NotNull(Lineage(string.Concat(Enumerable.Range(1, 300).Select(i => "\n" + new string(' ', i) + "if x:"))).Upstream(0));
    }

    private static NotebookLineage Lineage(params string[] sources) => NotebookLineage.Of(Made.Notebook([.. sources.Select(source => Made.Code(source))]));

    private static IReadOnlyList<UpstreamCell> Upstream(int cell, params string[] sources) => Lineage(sources).Upstream(cell);
}
