using BenchmarkDotNet.Running;
using Broker.Bench.Storage;

if (args is ["storage", .. var rest])
{
    return await StorageRun.RunAsync(rest);
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
