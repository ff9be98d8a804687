using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace Broker.Node.Configuration;

/// <summary>Walks HOCON down to its values.</summary>
internal static class HoconLeaves
{
    /// <summary>Every value that is not a block, with the parts of its key.</summary>
    public static IEnumerable<(IReadOnlyList<string> Path, HoconValue Value)> Of(Config config) =>
        config.Root?.GetObject() is { } root ? Walk(root, []) : [];

    private static IEnumerable<(IReadOnlyList<string> Path, HoconValue Value)> Walk(HoconObject block, IReadOnlyList<string> above)
    {
        foreach (var (key, value) in block.Items)
        {
            IReadOnlyList<string> path = [.. above, key];
            if (value.GetObject() is { } inner)
            {
                foreach (var leaf in Walk(inner, path))
                {
                    yield return leaf;
                }
            }
            else
            {
                yield return (path, value);
            }
        }
    }
}
