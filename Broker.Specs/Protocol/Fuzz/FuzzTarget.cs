namespace Broker.Specs.Protocol.Fuzz;

/// <summary>What a fuzzer's input is given to.</summary>
public enum FuzzTarget
{
    /// <summary>The decoder of a connection that has just been made: CONNECT comes first.</summary>
    Fresh,

    /// <summary>The decoder behind a CONNECT of MQTT 3.1.</summary>
    Client31,

    /// <summary>The decoder behind a CONNECT of MQTT 3.1.1.</summary>
    Client311,

    /// <summary>The decoder behind a CONNECT of MQTT 5.</summary>
    Client5,

    /// <summary>The decoder of what servers send, MQTT 3.1.</summary>
    Server31,

    /// <summary>The decoder of what servers send, MQTT 3.1.1.</summary>
    Server311,

    /// <summary>The decoder of what servers send, MQTT 5.</summary>
    Server5,

    /// <summary>A topic filter, a line feed, and a topic name.</summary>
    TopicFilter,

    /// <summary>The reader of PROXY headers.</summary>
    ProxyHeader,
}
