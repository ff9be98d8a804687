using Broker.Actors.Inspection;

namespace Broker.Specs.Actors.Inspection;

/// <summary>Pages of a list that several nodes write together.</summary>
public sealed class PageSpecs
{
    [Fact]
    public void A_page_has_the_first_rows_whatever_order_they_come_in()
    {
        var share = Collect(["d", "a", "c", "b", "e"], new PageRequest(Limit: 3));

        share.Rows.Select(row => row.Key).Should().Equal("a", "b", "c");
        share.HasMore.Should().BeTrue();
        share.Total.Should().Be(5);
    }

    [Fact]
    public void The_next_one_goes_on_behind_it()
    {
        var share = Collect(["d", "a", "c", "b", "e"], new PageRequest(After: "c", Limit: 3));

        share.Rows.Select(row => row.Key).Should().Equal("d", "e");
        share.HasMore.Should().BeFalse();
        share.Total.Should().Be(5);
    }

    [Fact]
    public void Rows_of_several_nodes_are_one_list()
    {
        var page = PageMerge.Merge([Share(["a", "d"]), Share(["b", "c"])], 10, ["akka.tcp://mqtt@10.0.0.9:4053"]);

        page.Items.Select(row => row.Key).Should().Equal("a", "b", "c", "d");
        page.Next.Should().BeNull();
        page.Total.Should().Be(4);
        page.Missing.Should().Equal("akka.tcp://mqtt@10.0.0.9:4053");
    }

    [Fact]
    public void It_ends_where_a_node_that_has_more_ends()
    {
        var page = PageMerge.Merge([Share(["a", "b"], hasMore: true), Share(["c", "d"])], 10, []);

        page.Items.Select(row => row.Key).Should().Equal("a", "b");
        page.Next.Should().Be("b");
    }

    [Fact]
    public void Rows_with_one_key_stay_together()
    {
        var page = PageMerge.Merge([Share(["a", "b"]), Share(["b", "c"])], 2, []);

        page.Items.Select(row => row.Key).Should().Equal("a", "b", "b");
        page.Next.Should().Be("b");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(1000)]
    public void Paging_through_finds_every_row_once(int limit)
    {
        var random = new Random(limit);
        string[][] nodes = [.. Enumerable.Range(0, 3).Select(node => Enumerable.Range(0, 40).Select(_ => $"{random.Next(100_000)}-{node}").Distinct().ToArray())];
        var found = new List<string>();
        var after = "";
        while (true)
        {
            var request = new PageRequest(after, limit);
            var page = PageMerge.Merge([.. nodes.Select(keys => Collect(keys, request))], limit, []);
            found.AddRange(page.Items.Select(row => row.Key));
            page.Total.Should().Be(nodes.Sum(keys => keys.Length));
            if (page.Next is null)
            {
                break;
            }

            after = page.Next;
        }

        found.Should().Equal(nodes.SelectMany(keys => keys).Order(StringComparer.Ordinal));
    }

    private static PageShare<Row> Collect(string[] keys, PageRequest request)
    {
        var collector = new PageCollector<Row>(request);
        foreach (var key in keys)
        {
            collector.Add(key, () => new Row(key));
        }

        return collector.Take();
    }

    private static PageShare<Row> Share(string[] keys, bool hasMore = false) => new([.. keys.Select(key => new Row(key))], keys.Length, hasMore);

    private sealed record Row(string Key) : IInspectionRow;
}
