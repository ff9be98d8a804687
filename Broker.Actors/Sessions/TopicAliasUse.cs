namespace Broker.Actors.Sessions;

/// <summary>How a PUBLISH says its topic.</summary>
/// <param name="Alias">1 to 65,535; 0: none.</param>
/// <param name="SendTopic">Whether the topic itself is sent, be it to set the alias; false: the alias stands for it.</param>
internal readonly record struct TopicAliasUse(ushort Alias, bool SendTopic)
{
    /// <summary>The topic without an alias.</summary>
    public static TopicAliasUse None { get; } = new(0, SendTopic: true);
}
