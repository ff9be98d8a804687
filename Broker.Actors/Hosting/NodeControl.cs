namespace Broker.Actors.Hosting;

/// <summary>What the parts of a node may ask of the process.</summary>
/// <param name="IsReady">What <c>/ready</c> says.</param>
/// <param name="Leave">Makes the node drain, leave the cluster and end, as a clean stop does.</param>
internal sealed record NodeControl(Func<bool> IsReady, Action Leave);
