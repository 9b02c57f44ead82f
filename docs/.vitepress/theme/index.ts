/** VitePress's own theme, with room for tables and code. */
import DefaultTheme from "vitepress/theme";
import "./pages.css";

export default DefaultTheme;
