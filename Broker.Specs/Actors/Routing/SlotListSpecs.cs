using Broker.Actors.Routing;
using CsCheck;

namespace Broker.Specs.Actors.Routing;

public class SlotListSpecs
{
    [Fact]
    public void It_agrees_with_a_dictionary() =>
        Gen.Select(Gen.Int[0, 40], Gen.Bool).Array[0, 300].Sample(steps =>
        {
            var list = new SlotList<string, Item>();
            var model = new Dictionary<string, Item>();
            foreach ((int number, bool remove) in steps)
            {
                string key = $"{number}";
                if (remove)
                {
                    list.Remove(key).Should().Be(model.Remove(key));
                }
                else
                {
                    var item = new Item(key);
                    list.Put(item).Should().Be(!model.ContainsKey(key));
                    model[key] = item;
                    list.Find(key).Should().BeSameAs(item);
                }
            }

            list.Count.Should().Be(model.Count);
            Live(list).ToHashSet().SetEquals(model.Values).Should().BeTrue();
            Live(list).Should().HaveCount(model.Count);
        });

    [Fact]
    public void Memory_is_given_back()
    {
        var list = new SlotList<string, Item>();
        for (int i = 0; i < 1_000; i++)
        {
            list.Put(new Item($"{i}"));
        }

        for (int i = 1; i < 1_000; i++)
        {
            list.Remove($"{i}");
        }

        list.Slots.Length.Should().BeLessThan(10);
        list.Find("0").Should().NotBeNull();
    }

    private static List<Item> Live(SlotList<string, Item> list)
    {
        var live = new List<Item>();
        foreach (Item? item in list.Slots)
        {
            if (item is not null)
            {
                live.Add(item);
            }
        }

        return live;
    }

    private sealed record Item(string Key) : IKeyed<string>;
}
