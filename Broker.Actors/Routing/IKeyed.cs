namespace Broker.Actors.Routing;

/// <summary>What a <see cref="SlotList{TKey, TItem}"/> holds.</summary>
internal interface IKeyed<out TKey>
{
    /// <summary>Never changes.</summary>
    TKey Key { get; }
}
