using Broker.Protocol.Packets;

namespace Broker.Specs.Durable.Crash;

/// <summary>What a record proves against the broker.</summary>
internal static class CrashChecker
{
    private const int MostShown = 20;

    /// <summary>One line for each broken promise; none: all are kept.</summary>
    public static IReadOnlyList<string> Check(CrashRecord record)
    {
        var findings = new List<string>(record.Problems.Take(MostShown));
        findings.AddRange(Missing(record).Take(MostShown));
        foreach (var (name, reader) in record.Readers)
        {
            foreach (var (topic, numbers) in reader.Received)
            {
                findings.AddRange(CheckSequence($"{name}, {topic}", numbers, IsExactlyOnce(record, reader, topic), Published(record, topic)).Take(MostShown));
            }
        }

        return findings;
    }

    /// <summary>Acknowledged to its publisher, and not received: one line for each reader and topic.</summary>
    public static IEnumerable<string> Missing(CrashRecord record) =>
        from reader in record.Readers
        from topic in record.Topics
        let received = reader.Value.Received.TryGetValue(topic.Key, out var numbers) ? numbers.ToHashSet() : []
        let missing = topic.Value.Acknowledged.Where(number => !received.Contains(number)).Order().ToList()
        where missing.Count > 0
        select $"{reader.Key}, {topic.Key}: {Ranges(missing)} was acknowledged and is lost ({missing.Count} of {topic.Value.Acknowledged.Count})";

    /// <summary>As in "3-7, 12": a gap says something else than a tail.</summary>
    private static string Ranges(List<int> ascending)
    {
        var ranges = new List<(int First, int Last)>();
        foreach (var number in ascending)
        {
            if (ranges is [.., var (first, last)] && last == number - 1)
            {
                ranges[^1] = (first, number);
            }
            else
            {
                ranges.Add((number, number));
            }
        }

        return string.Join(", ", ranges.Take(MostShown).Select(static range => range.First == range.Last ? $"{range.First}" : $"{range.First}-{range.Last}"));
    }

    private static IEnumerable<string> CheckSequence(string where, List<int> numbers, bool isExactlyOnce, int published)
    {
        var seen = new HashSet<int>();
        var highest = 0;
        foreach (var number in numbers)
        {
            if (number < 1 || number > published)
            {
                yield return $"{where}: {number} was never published";
            }
            else if (!seen.Add(number))
            {
                // At QoS 1 a message may come again, in a place that the standard leaves open.
                if (isExactlyOnce)
                {
                    yield return $"{where}: {number} came twice";
                }
            }
            else if (number < highest)
            {
                yield return $"{where}: {number} came behind {highest}";
            }

            highest = Math.Max(highest, number);
        }
    }

    private static bool IsExactlyOnce(CrashRecord record, CrashRecord.Reader reader, string topic) =>
        reader.Granted == QualityOfService.ExactlyOnce
        && record.Topics.TryGetValue(topic, out var published)
        && published.QoS == QualityOfService.ExactlyOnce;

    private static int Published(CrashRecord record, string topic) => record.Topics.TryGetValue(topic, out var published) ? published.Published : 0;
}
