using Broker.Protocol.Packets;

namespace Broker.Specs.Durable.Crash;

/// <summary>What the clients of a crash campaign saw: kept outside of them, so that it survives every connection. Any thread.</summary>
internal sealed class CrashRecord
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Topic> _topics = [];
    private readonly Dictionary<string, Reader> _readers = [];
    private readonly List<string> _problems = [];
    private long _events;
    private (long Events, TaskCompletionSource Reached)? _awaited;

    /// <summary>Whether the broker may be silent for long, because its database is.</summary>
    public bool AllowsSilence { get; init; }

    /// <summary>Whether a client that hears nothing, or is told to go, connects again: there are other nodes.</summary>
    public bool HasOtherNodes { get; init; }

    /// <summary>Acknowledgements to publishers and messages at subscribers, so far.</summary>
    public long Events => Interlocked.Read(ref _events);

    /// <summary>Every topic that was published to. Read it once the clients have stopped.</summary>
    public IReadOnlyDictionary<string, Topic> Topics => _topics;

    /// <summary>Everyone who must receive every message. Read it once the clients have stopped.</summary>
    public IReadOnlyDictionary<string, Reader> Readers => _readers;

    /// <summary>What broke a rule of the protocol on the spot.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Completes when this many more events have been recorded.</summary>
    public Task ReachAsync(long more)
    {
        lock (_lock)
        {
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited = (_events + more, reached);
            return reached.Task;
        }
    }

    /// <summary>The next number of a topic is about to be sent for the first time.</summary>
    public int Publish(string topic, QualityOfService qos)
    {
        lock (_lock)
        {
            if (!_topics.TryGetValue(topic, out var known))
            {
                _topics.Add(topic, known = new Topic(qos));
            }

            return ++known.Published;
        }
    }

    /// <summary>The broker has answered for it with PUBACK or PUBREC.</summary>
    public void Acknowledge(string topic, int number)
    {
        lock (_lock)
        {
            _topics[topic].Acknowledged.Add(number);
            Count();
        }
    }

    /// <summary>Someone who must receive every message, with the QoS that was granted.</summary>
    public void AddReader(string reader, QualityOfService granted)
    {
        lock (_lock)
        {
            _readers.TryAdd(reader, new Reader(granted));
        }
    }

    /// <summary>A message has reached the application behind the subscriber.</summary>
    public void Receive(string reader, string topic, int number)
    {
        lock (_lock)
        {
            var received = _readers[reader].Received;
            if (!received.TryGetValue(topic, out var numbers))
            {
                received.Add(topic, numbers = []);
            }

            numbers.Add(number);
            Count();
        }
    }

    /// <summary>Something that no correct broker does.</summary>
    public void Report(string problem)
    {
        lock (_lock)
        {
            _problems.Add(problem);
        }
    }

    /// <summary>Whether every reader has every acknowledged message.</summary>
    public bool IsComplete()
    {
        lock (_lock)
        {
            return !CrashChecker.Missing(this).Any();
        }
    }

    private void Count()
    {
        var events = Interlocked.Increment(ref _events);
        if (_awaited is { } awaited && events >= awaited.Events)
        {
            _awaited = null;
            awaited.Reached.SetResult();
        }
    }

    /// <summary>One publisher's messages of one QoS, numbered from 1.</summary>
    internal sealed class Topic(QualityOfService qos)
    {
        public QualityOfService QoS { get; } = qos;

        /// <summary>The highest number sent.</summary>
        public int Published { get; set; }

        /// <summary>The numbers that the broker answered for.</summary>
        public HashSet<int> Acknowledged { get; } = [];
    }

    /// <summary>A subscriber to all topics.</summary>
    internal sealed class Reader(QualityOfService granted)
    {
        public QualityOfService Granted { get; } = granted;

        /// <summary>For each topic the numbers in the order of their arrival.</summary>
        public Dictionary<string, List<int>> Received { get; } = [];
    }
}
