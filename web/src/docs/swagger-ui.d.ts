// The part of Swagger UI that requests.ts uses. The package has no types.
declare module "swagger-ui-dist/swagger-ui-es-bundle.js" {
  type Rendered = unknown;
  type Component = (props: { readonly source?: unknown }) => Rendered;
  interface System {
    readonly React: {
      createElement(tag: string, props: { className: string } | null, ...children: Rendered[]): Rendered;
    };
  }
  export type Plugin = () => {
    readonly components?: Readonly<Record<string, Component>>;
    readonly wrapComponents?: Readonly<Record<string, (original: Component, system: System) => Component>>;
  };
  interface Options {
    readonly domNode: HTMLElement;
    /** An OpenAPI document. */
    readonly spec: object;
    readonly plugins: readonly Plugin[];
    readonly tryItOutEnabled: boolean;
    /** -1: no list of schemas. */
    readonly defaultModelsExpandDepth: number;
    /** `null`: validates nothing. */
    readonly validatorUrl: string | null;
  }
  export default function SwaggerUI(options: Options): unknown;
}
