namespace Broker.Node.Configuration;

/// <summary>How many slips of the keyboard lie between two texts.</summary>
internal static class EditDistance
{
    /// <summary>Letters left out, added, changed, or swapped with their neighbour: one each.</summary>
    public static int Between(string first, string second)
    {
        var distance = new int[first.Length + 1, second.Length + 1];
        for (var row = 0; row <= first.Length; row++)
        {
            distance[row, 0] = row;
        }

        for (var column = 0; column <= second.Length; column++)
        {
            distance[0, column] = column;
        }

        for (var row = 1; row <= first.Length; row++)
        {
            for (var column = 1; column <= second.Length; column++)
            {
                var change = first[row - 1] == second[column - 1] ? 0 : 1;
                var least = Math.Min(
                    Math.Min(distance[row - 1, column] + 1, distance[row, column - 1] + 1),
                    distance[row - 1, column - 1] + change);
                if (row > 1 && column > 1 && first[row - 1] == second[column - 2] && first[row - 2] == second[column - 1])
                {
                    least = Math.Min(least, distance[row - 2, column - 2] + 1);
                }

                distance[row, column] = least;
            }
        }

        return distance[first.Length, second.Length];
    }

    /// <summary>The nearest of some texts; null where there are none.</summary>
    public static string? Nearest(string text, IEnumerable<string> candidates) =>
        candidates.MinBy(candidate => (Between(text, candidate), candidate));
}
